using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using DuckDB.NET.Native;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// Copies one column in transit into a vector of a DuckDB chunk. Where the vector's type is not the table's
/// (text for bits), the insert casts.
/// </summary>
internal abstract unsafe class VectorEncoder
{
    /// <param name="first">The first row of the source.</param>
    /// <param name="at">The first row of the target.</param>
    public abstract void Encode(ColumnVector source, int first, int count, nint target, int at);

    /// <summary>The type of the vectors that are filled.</summary>
    public abstract DuckDBLogicalType CreateType();

    public static VectorEncoder For(TransferType type) =>
        type.Kind switch
        {
            TransferKind.Boolean => new Blit<bool>(DuckDBType.Boolean),
            TransferKind.Int16 => new Blit<short>(DuckDBType.SmallInt),
            TransferKind.Int32 => new Blit<int>(DuckDBType.Integer),
            TransferKind.Int64 => new Blit<long>(DuckDBType.BigInt),
            TransferKind.Int128 => new Blit<Int128>(DuckDBType.HugeInt),
            TransferKind.Float => new Blit<float>(DuckDBType.Float),
            TransferKind.Double => new Blit<double>(DuckDBType.Double),
            TransferKind.Date => new Blit<int>(DuckDBType.Date),
            TransferKind.Time => new Blit<long>(DuckDBType.Time),
            TransferKind.Timestamp => new Blit<long>(DuckDBType.Timestamp),
            TransferKind.TimestampNs => new Blit<long>(DuckDBType.TimestampNs),
            TransferKind.TimestampTz => new Blit<long>(DuckDBType.TimestampTz),
            TransferKind.Interval => new Blit<IntervalValue>(DuckDBType.Interval),
            TransferKind.Decimal => DecimalFor(type),
            TransferKind.TimeTz => new Convert<TimeTzValue, ulong>(DuckDBType.TimeTz, TimeTz),
            TransferKind.Uuid => new Convert<Guid, UInt128>(DuckDBType.Uuid, Uuid),
            TransferKind.Text or TransferKind.Bits or TransferKind.Number => new Text(),
            TransferKind.Json => new Json(),
            TransferKind.Bytes => new Bytes(),
            TransferKind.List when type.Element is { } element => new List(element),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "has no values"),
        };

    // storage by width, as in duckdb.h
    private static VectorEncoder DecimalFor(TransferType type) =>
        type.Precision switch
        {
            <= 4 => new Decimal<short>(type, value => (short)value),
            <= 9 => new Decimal<int>(type, value => (int)value),
            <= 18 => new Decimal<long>(type, value => (long)value),
            _ => new Decimal<Int128>(type, value => value),
        };

    private static ulong TimeTz(TimeTzValue value)
    {
        const int greatestOffset = 16 * 60 * 60 - 1;
        return (ulong)value.Micros << 24 | (uint)(greatestOffset - value.OffsetSeconds);
    }

    private static UInt128 Uuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes) ^ (UInt128.One << 127);
    }

    private static void EncodeNulls(bool[] nulls, int first, int count, nint target, int at)
    {
        ulong* validity = null;
        for (var i = 0; i < count; i++)
        {
            if (!nulls[first + i])
                continue;
            if (validity is null)
            {
                NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(target);
                validity = NativeMethods.Vectors.DuckDBVectorGetValidity(target);
            }
            var row = at + i;
            validity[row >> 6] &= ~(1UL << (row & 63));
        }
    }

    private abstract class Simple(DuckDBType type) : VectorEncoder
    {
        public override DuckDBLogicalType CreateType() =>
            NativeMethods.LogicalType.DuckDBCreateLogicalType(type);
    }

    private sealed class Blit<T>(DuckDBType type) : Simple(type)
        where T : unmanaged
    {
        public override void Encode(ColumnVector source, int first, int count, nint target, int at)
        {
            EncodeNulls(source.Nulls, first, count, target, at);
            var data = (T*)NativeMethods.Vectors.DuckDBVectorGetData(target) + at;
            ((ColumnVector<T>)source).Values.AsSpan(first, count).CopyTo(new Span<T>(data, count));
        }
    }

    private sealed class Convert<T, TTarget>(DuckDBType type, Func<T, TTarget> convert) : Simple(type)
        where TTarget : unmanaged
    {
        public override void Encode(ColumnVector source, int first, int count, nint target, int at)
        {
            EncodeNulls(source.Nulls, first, count, target, at);
            var data = (TTarget*)NativeMethods.Vectors.DuckDBVectorGetData(target) + at;
            var values = ((ColumnVector<T>)source).Values;
            for (var i = 0; i < count; i++)
                data[i] = source.Nulls[first + i] ? default : convert(values[first + i]);
        }
    }

    private sealed class Decimal<TTarget>(TransferType type, Func<Int128, TTarget> convert) : VectorEncoder
        where TTarget : unmanaged
    {
        private readonly Convert<Int128, TTarget> _convert = new(DuckDBType.Decimal, convert);

        public override DuckDBLogicalType CreateType() =>
            NativeMethods.LogicalType.DuckDBCreateDecimalType((byte)type.Precision, (byte)type.Scale);

        public override void Encode(ColumnVector source, int first, int count, nint target, int at) =>
            _convert.Encode(source, first, count, target, at);
    }

    private class Text() : Simple(DuckDBType.Varchar)
    {
        // as in duckdb.h; what is longer belongs to the vector's heap
        private const int MostInlined = 12;

        public override void Encode(ColumnVector source, int first, int count, nint target, int at)
        {
            EncodeNulls(source.Nulls, first, count, target, at);
            var texts = (Utf8Vector)source;
            var data = (DuckDBString*)NativeMethods.Vectors.DuckDBVectorGetData(target);
            for (var i = 0; i < count; i++)
            {
                if (texts.Nulls[first + i])
                    continue;
                var text = texts[first + i];
                if (text.Length <= MostInlined)
                    Inline(data + at + i, text);
                else
                    Assign(target, at + i, text);
            }
        }
    }

    private static void Inline(DuckDBString* place, ReadOnlySpan<byte> text)
    {
        // also the rest of the bytes is compared
        *place = default;
        place->value.inlined.length = (uint)text.Length;
        text.CopyTo(new Span<byte>(place->value.inlined.inlined, text.Length));
    }

    private sealed class Bytes() : Simple(DuckDBType.Blob)
    {
        public override void Encode(ColumnVector source, int first, int count, nint target, int at)
        {
            EncodeNulls(source.Nulls, first, count, target, at);
            var values = ((ColumnVector<byte[]>)source).Values;
            for (var i = 0; i < count; i++)
            {
                if (!source.Nulls[first + i])
                    Assign(target, at + i, values[first + i]);
            }
        }
    }

    /// <summary>
    /// Text under another name. As text it would be cast, which parses it: once more, and by stricter rules than other engines have (half of a
    /// surrogate pair is well-formed, but no Unicode).
    /// </summary>
    private sealed class Json : Text
    {
        public override DuckDBLogicalType CreateType()
        {
            var type = base.CreateType();
            NativeCalls.SetAlias(type, "JSON");
            return type;
        }
    }

    private sealed class List(TransferType element) : VectorEncoder
    {
        private readonly VectorEncoder _element = For(element);

        public override DuckDBLogicalType CreateType()
        {
            using var type = _element.CreateType();
            return NativeMethods.LogicalType.DuckDBCreateListType(type);
        }

        public override void Encode(ColumnVector source, int first, int count, nint target, int at)
        {
            EncodeNulls(source.Nulls, first, count, target, at);
            var values = ((ColumnVector<object?[]>)source).Values;
            var entries = (DuckDBListEntry*)NativeMethods.Vectors.DuckDBVectorGetData(target) + at;
            var total = 0;
            for (var i = 0; i < count; i++)
            {
                var length = source.Nulls[first + i] ? 0 : values[first + i].Length;
                entries[i] = new DuckDBListEntry((ulong)total, (ulong)length);
                total += length;
            }
            var elements = ColumnVector.Create(element, total);
            var next = 0;
            for (var i = 0; i < count; i++)
            {
                if (source.Nulls[first + i])
                    continue;
                foreach (var value in values[first + i])
                    elements.Set(next++, value);
            }
            NativeMethods.Vectors.DuckDBListVectorReserve(target, (ulong)total);
            NativeMethods.Vectors.DuckDBListVectorSetSize(target, (ulong)total);
            _element.Encode(elements, 0, total, NativeMethods.Vectors.DuckDBListVectorGetChild(target), 0);
        }
    }

    private static void Assign(nint target, int row, ReadOnlySpan<byte> bytes)
    {
        // also for no bytes at all the address must be one
        fixed (byte* start = bytes.IsEmpty ? [0] : bytes)
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(
                target,
                (ulong)row,
                start,
                bytes.Length
            );
    }
}
