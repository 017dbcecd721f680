namespace DuckDB.NET.Native;

/// <summary>A calendar date of DuckDB, which reaches further than DateOnly and has two infinities.</summary>
public readonly struct DuckDBDateOnly(int year, byte month, byte day) : IEquatable<DuckDBDateOnly>
{
    public static readonly DuckDBDateOnly PositiveInfinity = new(int.MaxValue, 0, 0);
    public static readonly DuckDBDateOnly NegativeInfinity = new(-int.MaxValue, 0, 0);

    public int Year { get; } = year;
    public byte Month { get; } = month;
    public byte Day { get; } = day;

    public bool IsPositiveInfinity => Month == 0 && Year == int.MaxValue;
    public bool IsNegativeInfinity => Month == 0 && Year == -int.MaxValue;
    public bool IsInfinity => IsPositiveInfinity || IsNegativeInfinity;

    public static DuckDBDateOnly FromDuckDBDate(DuckDBDate date)
    {
        if (date.IsPositiveInfinity)
            return PositiveInfinity;
        if (date.IsNegativeInfinity)
            return NegativeInfinity;
        // proleptic Gregorian calendar counted in 400-year eras that begin on 1 March
        var z = date.Days + 719_468L;
        var era = Math.DivRem(z, 146_097, out var dayOfEra);
        if (dayOfEra < 0)
        {
            dayOfEra += 146_097;
            era--;
        }
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var m = ((5 * dayOfYear) + 2) / 153;
        var day = (byte)(dayOfYear - (((153 * m) + 2) / 5) + 1);
        var month = (byte)(m < 10 ? m + 3 : m - 9);
        return new((int)(yearOfEra + (era * 400) + (month <= 2 ? 1 : 0)), month, day);
    }

    public DuckDBDate ToDuckDBDate()
    {
        if (IsPositiveInfinity)
            return new() { Days = int.MaxValue };
        if (IsNegativeInfinity)
            return new() { Days = -int.MaxValue };
        long y = Month <= 2 ? Year - 1L : Year;
        var era = Math.DivRem(y, 400, out var yearOfEra);
        if (yearOfEra < 0)
        {
            yearOfEra += 400;
            era--;
        }
        var dayOfYear = (((153 * (Month > 2 ? Month - 3 : Month + 9)) + 2) / 5) + Day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return new() { Days = (int)((era * 146_097) + dayOfEra - 719_468) };
    }

    public static explicit operator DateOnly(DuckDBDateOnly value) => new(value.Year, value.Month, value.Day);

    public static explicit operator DateTime(DuckDBDateOnly value) => new(value.Year, value.Month, value.Day);

    public static implicit operator DuckDBDateOnly(DateOnly value) =>
        new(value.Year, (byte)value.Month, (byte)value.Day);

    public static implicit operator DuckDBDateOnly(DateTime value) => DateOnly.FromDateTime(value);

    public bool Equals(DuckDBDateOnly other) =>
        Year == other.Year && Month == other.Month && Day == other.Day;

    public override bool Equals(object? obj) => obj is DuckDBDateOnly other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Year, Month, Day);

    public override string ToString() =>
        IsInfinity ? (Year > 0 ? "infinity" : "-infinity") : $"{Year:D4}-{Month:D2}-{Day:D2}";
}
