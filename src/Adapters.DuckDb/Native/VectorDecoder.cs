using System.Text;
using DuckDB.NET.Native;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Copies one column of a DuckDB chunk into a vector in transit.</summary>
internal abstract unsafe class VectorDecoder
{
    public abstract void Decode(nint source, ColumnVector target, int first, int count);

    /// <summary>How many of some rows hold no more than so many bytes of text, but at least one.</summary>
    public virtual int CountWithin(nint source, int first, int count, int bytes) => count;

    /// <summary>A vector of the right element type, for lists.</summary>
    public abstract ColumnVector CreateVector(int capacity);

    public static VectorDecoder For(ColumnType type) =>
        type.Id switch
        {
            DuckDBType.Boolean => new Blit<bool>(),
            DuckDBType.SmallInt => new Blit<short>(),
            DuckDBType.Integer or DuckDBType.Date or DuckDBType.SqlNull => new Blit<int>(),
            DuckDBType.BigInt
            or DuckDBType.Time
            or DuckDBType.Timestamp
            or DuckDBType.TimestampNs
            or DuckDBType.TimestampTz => new Blit<long>(),
            DuckDBType.HugeInt => new Blit<Int128>(),
            DuckDBType.Float => new Blit<float>(),
            DuckDBType.Double => new Blit<double>(),
            DuckDBType.Interval => new Blit<IntervalValue>(),
            DuckDBType.TinyInt => new Convert<sbyte, short>(value => value),
            DuckDBType.UnsignedTinyInt => new Convert<byte, short>(value => value),
            DuckDBType.UnsignedSmallInt => new Convert<ushort, int>(value => value),
            DuckDBType.UnsignedInteger => new Convert<uint, long>(value => value),
            DuckDBType.UnsignedBigInt => new Convert<ulong, Int128>(value => value),
            DuckDBType.TimestampS => new Convert<long, long>(value => Scaled(value, 1_000_000)),
            DuckDBType.TimestampMs => new Convert<long, long>(value => Scaled(value, 1_000)),
            DuckDBType.TimeTz => new Convert<ulong, TimeTzValue>(TimeTz),
            DuckDBType.Uuid => new Convert<UInt128, Guid>(PlainValues.Uuid),
            DuckDBType.Decimal => type.Storage switch
            {
                DuckDBType.SmallInt => new Convert<short, Int128>(value => value),
                DuckDBType.Integer => new Convert<int, Int128>(value => value),
                DuckDBType.BigInt => new Convert<long, Int128>(value => value),
                _ => new Blit<Int128>(),
            },
            DuckDBType.Enum => type.Storage switch
            {
                DuckDBType.UnsignedTinyInt => new Names<byte>(type.EnumValues, i => i),
                DuckDBType.UnsignedSmallInt => new Names<ushort>(type.EnumValues, i => i),
                _ => new Names<uint>(type.EnumValues, i => (int)i),
            },
            DuckDBType.Varchar => new Text(),
            DuckDBType.Blob => new Bytes(),
            DuckDBType.List => new List(For(type.Children[0].Type)),
            _ => throw new InvalidOperationException(
                $"a column of type {type} should have been cast or refused"
            ),
        };

    private static long Scaled(long value, long factor) =>
        value is long.MaxValue or -long.MaxValue ? value : value * factor;

    // 40 bits of microseconds, then 24 bits of the offset, counted down from the greatest
    private static TimeTzValue TimeTz(ulong bits)
    {
        const int greatestOffset = 16 * 60 * 60 - 1;
        return new((long)(bits >> 24), greatestOffset - (int)(bits & 0xFF_FFFF));
    }

    private static void DecodeNulls(nint source, bool[] nulls, int first, int count)
    {
        var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(source);
        if (validity is null)
        {
            Array.Clear(nulls, 0, count);
            return;
        }
        for (var i = 0; i < count; i++)
        {
            var row = first + i;
            nulls[i] = !IsValid(validity, row);
        }
    }

    private static bool IsValid(ulong* validity, int row) =>
        validity is null || (validity[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>For values that both sides lay out alike.</summary>
    private sealed class Blit<T> : VectorDecoder
        where T : unmanaged
    {
        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var values = (T*)NativeMethods.Vectors.DuckDBVectorGetData(source) + first;
            new ReadOnlySpan<T>(values, count).CopyTo(((ColumnVector<T>)target).Values);
        }

        public override ColumnVector CreateVector(int capacity) =>
            new ColumnVector<T> { Nulls = new bool[capacity], Values = new T[capacity] };
    }

    private sealed class Convert<TSource, T>(Func<TSource, T> convert) : VectorDecoder
        where TSource : unmanaged
    {
        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var data = (TSource*)NativeMethods.Vectors.DuckDBVectorGetData(source) + first;
            var values = ((ColumnVector<T>)target).Values;
            for (var i = 0; i < count; i++)
            {
                // what lies under a null is anything
                if (!target.Nulls[i])
                    values[i] = convert(data[i]);
            }
        }

        public override ColumnVector CreateVector(int capacity) =>
            new ColumnVector<T> { Nulls = new bool[capacity], Values = new T[capacity] };
    }

    private sealed class Text : VectorDecoder
    {
        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var data = NativeMethods.Vectors.DuckDBVectorGetData(source);
            var texts = (Utf8Vector)target;
            for (var i = 0; i < count; i++)
            {
                if (!texts.Nulls[i])
                    texts.SetUtf8(i, PlainValues.Bytes(data, first + i));
            }
        }

        public override ColumnVector CreateVector(int capacity) => Utf8Vector.Create(capacity);

        public override int CountWithin(nint source, int first, int count, int bytes)
        {
            var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(source);
            var data = NativeMethods.Vectors.DuckDBVectorGetData(source);
            var sum = 0L;
            for (var i = 0; i < count; i++)
            {
                if (IsValid(validity, first + i))
                    sum += PlainValues.Bytes(data, first + i).Length;
                if (sum > bytes)
                    return Math.Max(1, i);
            }
            return count;
        }
    }

    /// <summary>Values of an enum, by the integers that stand for them.</summary>
    private sealed class Names<TSource> : VectorDecoder
        where TSource : unmanaged
    {
        private readonly byte[][] _names;
        private readonly Func<TSource, int> _index;

        public Names(IEnumerable<string> names, Func<TSource, int> index) =>
            (_names, _index) = ([.. names.Select(Encoding.UTF8.GetBytes)], index);

        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var data = (TSource*)NativeMethods.Vectors.DuckDBVectorGetData(source) + first;
            var texts = (Utf8Vector)target;
            for (var i = 0; i < count; i++)
            {
                if (!texts.Nulls[i])
                    texts.SetUtf8(i, _names[_index(data[i])]);
            }
        }

        public override ColumnVector CreateVector(int capacity) => Utf8Vector.Create(capacity);
    }

    private sealed class Bytes : VectorDecoder
    {
        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var data = NativeMethods.Vectors.DuckDBVectorGetData(source);
            var values = ((ColumnVector<byte[]>)target).Values;
            for (var i = 0; i < count; i++)
            {
                if (!target.Nulls[i])
                    values[i] = PlainValues.Bytes(data, first + i).ToArray();
            }
        }

        public override ColumnVector CreateVector(int capacity) =>
            new ColumnVector<byte[]> { Nulls = new bool[capacity], Values = new byte[capacity][] };
    }

    private sealed class List(VectorDecoder element) : VectorDecoder
    {
        public override void Decode(nint source, ColumnVector target, int first, int count)
        {
            DecodeNulls(source, target.Nulls, first, count);
            var entries = (DuckDBListEntry*)NativeMethods.Vectors.DuckDBVectorGetData(source) + first;
            var child = NativeMethods.Vectors.DuckDBListVectorGetChild(source);
            var values = ((ColumnVector<object?[]>)target).Values;
            for (var i = 0; i < count; i++)
            {
                if (target.Nulls[i])
                    continue;
                var length = checked((int)entries[i].Length);
                var elements = element.CreateVector(length);
                element.Decode(child, elements, checked((int)entries[i].Offset), length);
                values[i] = elements.ToObjects(length);
            }
        }

        public override ColumnVector CreateVector(int capacity) =>
            throw new InvalidOperationException("lists of lists travel as JSON");
    }
}
