using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public readonly struct DuckDBHugeInt(ulong lower, long upper) : IEquatable<DuckDBHugeInt>
{
    public DuckDBHugeInt(BigInteger value)
        : this(Low(value), (long)(value >> 64)) { }

    public ulong Lower { get; } = lower;
    public long Upper { get; } = upper;

    public static BigInteger HugeIntMinValue { get; } = -(BigInteger.One << 127);
    public static BigInteger HugeIntMaxValue { get; } = (BigInteger.One << 127) - 1;

    public BigInteger ToBigInteger() => ((BigInteger)Upper << 64) + Lower;

    public Int128 ToInt128() => new((ulong)Upper, Lower);

    public bool Equals(DuckDBHugeInt other) => Lower == other.Lower && Upper == other.Upper;

    public override bool Equals(object? obj) => obj is DuckDBHugeInt other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Lower, Upper);

    public override string ToString() => ToInt128().ToString(CultureInfo.InvariantCulture);

    internal static ulong Low(BigInteger value) => (ulong)(value & ulong.MaxValue);
}
