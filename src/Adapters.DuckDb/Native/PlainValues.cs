using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using DuckDB.NET.Native;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Single values out of vectors, in the CLR types that <see cref="RowSet"/> promises.</summary>
internal static unsafe class PlainValues
{
    private const long MicrosPerDay = 86_400_000_000;
    private const long TicksPerMicro = TimeSpan.TicksPerMillisecond / 1000;

    private static readonly long UnixEpochMicros = DateTime.UnixEpoch.Ticks / TicksPerMicro;
    private static readonly long LastMicros = DateTime.MaxValue.Ticks / TicksPerMicro;
    private static readonly int UnixEpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>
    /// The cast that a type needs before <see cref="Read"/> can read it: what has no plain CLR value, or has
    /// values outside of it that only the engine can write.
    /// </summary>
    public static string? CastFor(ColumnType type, string expression) =>
        type.Id switch
        {
            DuckDBType.Boolean
            or DuckDBType.TinyInt
            or DuckDBType.SmallInt
            or DuckDBType.Integer
            or DuckDBType.BigInt
            or DuckDBType.UnsignedTinyInt
            or DuckDBType.UnsignedSmallInt
            or DuckDBType.UnsignedInteger
            or DuckDBType.UnsignedBigInt
            or DuckDBType.HugeInt
            or DuckDBType.UnsignedHugeInt
            or DuckDBType.Float
            or DuckDBType.Double
            or DuckDBType.Decimal
            or DuckDBType.Varchar
            or DuckDBType.Blob
            or DuckDBType.Uuid
            or DuckDBType.Enum
            or DuckDBType.Date
            or DuckDBType.Time
            or DuckDBType.Timestamp
            or DuckDBType.TimestampTz
            or DuckDBType.TimestampS
            or DuckDBType.TimestampMs
            or DuckDBType.SqlNull => null,
            _ => $"{expression}::varchar",
        };

    public static object? Read(ColumnType type, void* data, ulong* validity, int row)
    {
        if (
            type.Id == DuckDBType.SqlNull
            || (validity is not null && (validity[row >> 6] >> (row & 63) & 1) == 0)
        )
            return null;
        return type.Id switch
        {
            DuckDBType.Boolean => ((byte*)data)[row] != 0,
            DuckDBType.TinyInt => (long)((sbyte*)data)[row],
            DuckDBType.SmallInt => (long)((short*)data)[row],
            DuckDBType.Integer => (long)((int*)data)[row],
            DuckDBType.BigInt => ((long*)data)[row],
            DuckDBType.UnsignedTinyInt => (long)((byte*)data)[row],
            DuckDBType.UnsignedSmallInt => (long)((ushort*)data)[row],
            DuckDBType.UnsignedInteger => (long)((uint*)data)[row],
            DuckDBType.UnsignedBigInt => Whole(((ulong*)data)[row]),
            DuckDBType.HugeInt => Whole((BigInteger)((Int128*)data)[row]),
            DuckDBType.UnsignedHugeInt => Whole((BigInteger)((UInt128*)data)[row]),
            DuckDBType.Float => ((float*)data)[row],
            DuckDBType.Double => ((double*)data)[row],
            DuckDBType.Decimal => Number(Unscaled(type.Storage, data, row), type.Scale),
            DuckDBType.Blob => Bytes(data, row).ToArray(),
            DuckDBType.Varchar => Encoding.UTF8.GetString(Bytes(data, row)),
            DuckDBType.Uuid => Uuid(((UInt128*)data)[row]),
            DuckDBType.Enum => type.EnumValues[EnumIndex(type.Storage, data, row)],
            DuckDBType.Date => Date(((int*)data)[row]),
            DuckDBType.Time => Time(((long*)data)[row]),
            DuckDBType.Timestamp => Timestamp(((long*)data)[row], 1, withZone: false),
            DuckDBType.TimestampMs => Timestamp(((long*)data)[row], 1_000, withZone: false),
            DuckDBType.TimestampS => Timestamp(((long*)data)[row], 1_000_000, withZone: false),
            DuckDBType.TimestampTz => Timestamp(((long*)data)[row], 1, withZone: true),
            _ => throw new InvalidOperationException(
                $"a column of type {type} should have been cast to text"
            ),
        };
    }

    public static ReadOnlySpan<byte> Bytes(void* data, int row)
    {
        var text = (DuckDBString*)data + row;
        return new ReadOnlySpan<byte>(text->Data, text->Length);
    }

    public static Int128 Unscaled(DuckDBType storage, void* data, int row) =>
        storage switch
        {
            DuckDBType.SmallInt => ((short*)data)[row],
            DuckDBType.Integer => ((int*)data)[row],
            DuckDBType.BigInt => ((long*)data)[row],
            _ => ((Int128*)data)[row],
        };

    public static int EnumIndex(DuckDBType storage, void* data, int row) =>
        storage switch
        {
            DuckDBType.UnsignedTinyInt => ((byte*)data)[row],
            DuckDBType.UnsignedSmallInt => ((ushort*)data)[row],
            _ => (int)((uint*)data)[row],
        };

    /// <summary>DuckDB keeps a UUID as a hugeint whose top bit is flipped, so that it sorts.</summary>
    public static Guid Uuid(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value ^ (UInt128.One << 127));
        return new Guid(bytes, bigEndian: true);
    }

    private static object Whole(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (long)value
        : BigInteger.Abs(value) <= (BigInteger)decimal.MaxValue ? (decimal)value
        : value.ToString();

    private static object Number(Int128 unscaled, int scale)
    {
        var isNegative = Int128.IsNegative(unscaled);
        var magnitude = isNegative ? (UInt128)(-unscaled) : (UInt128)unscaled;
        if (scale <= 28 && magnitude >> 96 == UInt128.Zero)
            return new decimal(
                (int)(uint)magnitude,
                (int)(uint)(magnitude >> 32),
                (int)(uint)(magnitude >> 64),
                isNegative,
                (byte)scale
            );
        var digits = magnitude.ToString().PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return isNegative ? "-" + text : text;
    }

    private static object Date(int days)
    {
        if (days is int.MaxValue or -int.MaxValue)
            return days > 0 ? "infinity" : "-infinity";
        var number = (long)days + UnixEpochDay;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : WideCalendar.Date(days);
    }

    // DuckDB has 24:00:00, the CLR has not
    private static object Time(long micros) =>
        micros < MicrosPerDay ? new TimeOnly(micros * TicksPerMicro) : "24:00:00";

    private static object Timestamp(long value, long microsPerUnit, bool withZone)
    {
        if (value is long.MaxValue or -long.MaxValue)
            return value > 0 ? "infinity" : "-infinity";
        var micros = value * microsPerUnit;
        if (micros < -UnixEpochMicros || micros > LastMicros - UnixEpochMicros)
            return WideCalendar.Timestamp(micros) + (withZone ? "+00" : "");
        var ticks = (micros + UnixEpochMicros) * TicksPerMicro;
        return withZone ? new DateTimeOffset(ticks, TimeSpan.Zero) : (object)new DateTime(ticks);
    }
}
