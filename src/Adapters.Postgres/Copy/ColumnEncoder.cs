using System.Buffers.Binary;
using System.Text;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;

namespace Strata.Adapters.Postgres.Copy;

/// <summary>Writes the values of one column as fields of COPY's binary format, without boxing them.</summary>
internal abstract class ColumnEncoder
{
    /// <summary>Sets the vector that the next rows come from.</summary>
    public abstract void Attach(ColumnVector vector);

    /// <summary>Writes one field, its length word included.</summary>
    public abstract void Write(CopyBuffer buffer, int row);

    public static ColumnEncoder For(TransferType type) =>
        type.Kind switch
        {
            TransferKind.Boolean => new Encoder<bool>(
                static (buffer, value) =>
                {
                    var span = Fixed(buffer, 1);
                    span[0] = value ? (byte)1 : (byte)0;
                }
            ),
            TransferKind.Int16 => new Encoder<short>(
                static (buffer, value) => BinaryPrimitives.WriteInt16BigEndian(Fixed(buffer, 2), value)
            ),
            TransferKind.Int32 => new Encoder<int>(
                static (buffer, value) => BinaryPrimitives.WriteInt32BigEndian(Fixed(buffer, 4), value)
            ),
            TransferKind.Int64 => new Encoder<long>(
                static (buffer, value) => BinaryPrimitives.WriteInt64BigEndian(Fixed(buffer, 8), value)
            ),
            TransferKind.Float => new Encoder<float>(
                static (buffer, value) => BinaryPrimitives.WriteSingleBigEndian(Fixed(buffer, 4), value)
            ),
            TransferKind.Double => new Encoder<double>(
                static (buffer, value) => BinaryPrimitives.WriteDoubleBigEndian(Fixed(buffer, 8), value)
            ),
            TransferKind.Int128 => new Encoder<Int128>(
                static (buffer, value) => NumericFormat.Write(buffer, value, 0)
            ),
            TransferKind.Decimal => new Encoder<Int128>(
                (buffer, value) => NumericFormat.Write(buffer, value, type.Scale)
            ),
            TransferKind.Number => new TextEncoder(
                static (buffer, value) => NumericFormat.Write(buffer, Encoding.ASCII.GetString(value))
            ),
            TransferKind.Text => new TextEncoder(WriteText),
            TransferKind.Json => new TextEncoder(WriteJson),
            TransferKind.Bits => new TextEncoder(WriteBits),
            TransferKind.Bytes => new Encoder<byte[]>(
                static (buffer, value) => value.CopyTo(Fixed(buffer, value.Length))
            ),
            TransferKind.Uuid => new Encoder<Guid>(
                static (buffer, value) => value.TryWriteBytes(Fixed(buffer, 16), bigEndian: true, out _)
            ),
            TransferKind.Date => new Encoder<int>(
                static (buffer, value) =>
                    BinaryPrimitives.WriteInt32BigEndian(Fixed(buffer, 4), PostgresTime.FromDays(value))
            ),
            TransferKind.Time => new Encoder<long>(
                static (buffer, value) => BinaryPrimitives.WriteInt64BigEndian(Fixed(buffer, 8), value)
            ),
            TransferKind.TimeTz => new Encoder<TimeTzValue>(WriteTimeTz),
            TransferKind.Timestamp or TransferKind.TimestampTz => new Encoder<long>(
                static (buffer, value) =>
                    BinaryPrimitives.WriteInt64BigEndian(Fixed(buffer, 8), PostgresTime.FromMicros(value))
            ),
            TransferKind.Interval => new Encoder<IntervalValue>(WriteInterval),
            TransferKind.List when type.Element is { } element => new ListEncoder(element),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "cannot be sent to postgres"),
        };

    private static Span<byte> Fixed(CopyBuffer buffer, int length)
    {
        var span = buffer.Take(4 + length);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        return span[4..];
    }

    private static void WriteText(CopyBuffer buffer, ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0))
            throw new UnstorableValueException(
                "a NUL character, which postgres text cannot hold",
                "replace it where the column is read: replace(x, chr(0), '')"
            );
        value.CopyTo(Fixed(buffer, value.Length));
    }

    private static void WriteJson(CopyBuffer buffer, ReadOnlySpan<byte> value)
    {
        var span = Fixed(buffer, 1 + value.Length);
        // the version of jsonb's binary form
        span[0] = 1;
        value.CopyTo(span[1..]);
    }

    private static void WriteBits(CopyBuffer buffer, ReadOnlySpan<byte> value)
    {
        var span = Fixed(buffer, 4 + (value.Length + 7) / 8);
        BinaryPrimitives.WriteInt32BigEndian(span, value.Length);
        var bytes = span[4..];
        bytes.Clear();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == (byte)'1')
                bytes[i / 8] |= (byte)(0x80 >> (i % 8));
        }
    }

    private static void WriteTimeTz(CopyBuffer buffer, TimeTzValue value)
    {
        var span = Fixed(buffer, 12);
        BinaryPrimitives.WriteInt64BigEndian(span, value.Micros);
        // Postgres counts offsets westwards
        BinaryPrimitives.WriteInt32BigEndian(span[8..], -value.OffsetSeconds);
    }

    private static void WriteInterval(CopyBuffer buffer, IntervalValue value)
    {
        var span = Fixed(buffer, 16);
        BinaryPrimitives.WriteInt64BigEndian(span, value.Micros);
        BinaryPrimitives.WriteInt32BigEndian(span[8..], value.Days);
        BinaryPrimitives.WriteInt32BigEndian(span[12..], value.Months);
    }

    private sealed class Encoder<T>(Action<CopyBuffer, T> write) : ColumnEncoder
    {
        private bool[] _nulls = [];
        private T[] _values = [];

        public override void Attach(ColumnVector vector)
        {
            _nulls = vector.Nulls;
            _values = ((ColumnVector<T>)vector).Values;
        }

        public override void Write(CopyBuffer buffer, int row)
        {
            if (_nulls[row])
                buffer.WriteInt32(-1);
            else
                write(buffer, _values[row]);
        }
    }

    private sealed class TextEncoder(Action<CopyBuffer, ReadOnlySpan<byte>> write) : ColumnEncoder
    {
        private Utf8Vector? _texts;

        public override void Attach(ColumnVector vector) => _texts = (Utf8Vector)vector;

        public override void Write(CopyBuffer buffer, int row)
        {
            if (_texts is null || _texts.Nulls[row])
                buffer.WriteInt32(-1);
            else
                write(buffer, _texts[row]);
        }
    }

    private sealed class ListEncoder : ColumnEncoder
    {
        private readonly TransferType _type;
        private readonly ColumnEncoder _element;
        private ColumnVector<object?[]>? _lists;

        public ListEncoder(TransferType element)
        {
            _type = element;
            _element = For(element);
        }

        public override void Attach(ColumnVector vector) => _lists = (ColumnVector<object?[]>)vector;

        public override void Write(CopyBuffer buffer, int row)
        {
            if (_lists is null || _lists.Nulls[row])
            {
                buffer.WriteInt32(-1);
                return;
            }
            var values = _lists.Values[row];
            var start = buffer.BeginField();
            // an empty array has no dimension
            buffer.WriteInt32(values.Length == 0 ? 0 : 1);
            buffer.WriteInt32(values.Contains(null) ? 1 : 0);
            buffer.WriteInt32((int)Types.Oid(_type));
            if (values.Length > 0)
            {
                buffer.WriteInt32(values.Length);
                buffer.WriteInt32(1);
            }
            var elements = ColumnVector.Create(_type, values.Length);
            for (var i = 0; i < values.Length; i++)
                elements.Set(i, values[i]);
            _element.Attach(elements);
            for (var i = 0; i < values.Length; i++)
                _element.Write(buffer, i);
            buffer.EndField(start);
        }
    }
}
