using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DuckDB.NET.Native;

[StructLayout(LayoutKind.Sequential)]
public readonly struct DuckDBUHugeInt(ulong lower, ulong upper) : IEquatable<DuckDBUHugeInt>
{
    public DuckDBUHugeInt(BigInteger value)
        : this(DuckDBHugeInt.Low(value), (ulong)(value >> 64)) { }

    public ulong Lower { get; } = lower;
    public ulong Upper { get; } = upper;

    public static BigInteger HugeIntMinValue => BigInteger.Zero;
    public static BigInteger HugeIntMaxValue { get; } = (BigInteger.One << 128) - 1;

    public BigInteger ToBigInteger() => ((BigInteger)Upper << 64) + Lower;

    public UInt128 ToUInt128() => new(Upper, Lower);

    public bool Equals(DuckDBUHugeInt other) => Lower == other.Lower && Upper == other.Upper;

    public override bool Equals(object? obj) => obj is DuckDBUHugeInt other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Lower, Upper);

    public override string ToString() => ToUInt128().ToString(CultureInfo.InvariantCulture);
}
