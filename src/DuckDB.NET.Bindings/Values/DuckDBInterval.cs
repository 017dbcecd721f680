using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public readonly struct DuckDBInterval(int months, int days, ulong micros)
{
    public int Months { get; } = months;
    public int Days { get; } = days;
    public ulong Micros { get; } = micros; // two's complement of the signed microseconds

    public static explicit operator TimeSpan(DuckDBInterval interval) =>
        interval.Months == 0
            ? TimeSpan.FromTicks(
                (interval.Days * TimeSpan.TicksPerDay)
                    + ((long)interval.Micros * TimeSpan.TicksPerMicrosecond)
            )
            : throw new InvalidOperationException(
                "An interval with months has no fixed length and cannot become a TimeSpan."
            );

    public static implicit operator DuckDBInterval(TimeSpan span) =>
        new(
            0,
            span.Days,
            (ulong)((span.Ticks - (span.Days * TimeSpan.TicksPerDay)) / TimeSpan.TicksPerMicrosecond)
        );

    public override string ToString() => $"{Months} months {Days} days {(long)Micros} microseconds";
}
