namespace DuckDB.NET.Native;

public readonly struct DuckDBTimestamp(DuckDBDateOnly date, DuckDBTimeOnly time) : IEquatable<DuckDBTimestamp>
{
    private const long MicrosPerDay = 86_400_000_000;

    public DuckDBDateOnly Date { get; } = date;
    public DuckDBTimeOnly Time { get; } = time;
    public bool IsPositiveInfinity => Date.IsPositiveInfinity;
    public bool IsNegativeInfinity => Date.IsNegativeInfinity;
    public bool IsInfinity => Date.IsInfinity;

    public static DuckDBTimestamp FromDuckDBTimestampStruct(DuckDBTimestampStruct value)
    {
        if (value.IsPositiveInfinity)
            return new(DuckDBDateOnly.PositiveInfinity, default);
        if (value.IsNegativeInfinity)
            return new(DuckDBDateOnly.NegativeInfinity, default);
        var days = Math.DivRem(value.Micros, MicrosPerDay, out var rest);
        if (rest < 0)
        {
            rest += MicrosPerDay;
            days--;
        }
        return new(
            DuckDBDateOnly.FromDuckDBDate(new() { Days = (int)days }),
            DuckDBTimeOnly.FromMicros(rest)
        );
    }

    public DuckDBTimestampStruct ToDuckDBTimestampStruct() =>
        new()
        {
            Micros =
                IsPositiveInfinity ? long.MaxValue
                : IsNegativeInfinity ? -long.MaxValue
                : checked((Date.ToDuckDBDate().Days * MicrosPerDay) + Time.TotalMicros),
        };

    public DateTime ToDateTime() => ((DateTime)Date).AddTicks(Time.Ticks);

    public bool Equals(DuckDBTimestamp other) => Date.Equals(other.Date) && Time.Equals(other.Time);

    public override bool Equals(object? obj) => obj is DuckDBTimestamp other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Date, Time);

    public override string ToString() => IsInfinity ? Date.ToString() : $"{Date} {Time}";
}
