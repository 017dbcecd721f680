using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

/// <summary>duckdb_time_struct; the hour may be 24.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct DuckDBTimeOnly(byte hour, byte min, byte sec, int microsecond = 0)
    : IEquatable<DuckDBTimeOnly>
{
    public byte Hour { get; } = hour;
    public byte Min { get; } = min;
    public byte Sec { get; } = sec;
    public int Microsecond { get; } = microsecond;
    public long Ticks => TotalMicros * TimeSpan.TicksPerMicrosecond;

    internal long TotalMicros => (((((Hour * 60L) + Min) * 60) + Sec) * 1_000_000) + Microsecond;

    internal static DuckDBTimeOnly FromMicros(long micros) =>
        new(
            (byte)(micros / 3_600_000_000),
            (byte)(micros / 60_000_000 % 60),
            (byte)(micros / 1_000_000 % 60),
            (int)(micros % 1_000_000)
        );

    public static explicit operator TimeOnly(DuckDBTimeOnly value) => new(value.Ticks);

    public static implicit operator DuckDBTimeOnly(TimeOnly value) =>
        FromMicros(value.Ticks / TimeSpan.TicksPerMicrosecond);

    public bool Equals(DuckDBTimeOnly other) => TotalMicros == other.TotalMicros;

    public override bool Equals(object? obj) => obj is DuckDBTimeOnly other && Equals(other);

    public override int GetHashCode() => TotalMicros.GetHashCode();

    public override string ToString() => $"{Hour:D2}:{Min:D2}:{Sec:D2}.{Microsecond:D6}";
}
