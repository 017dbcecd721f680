using System.Buffers.Binary;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;

namespace Strata.Adapters.Postgres.Copy;

/// <summary>Reads the fields of one column of COPY's binary format into a vector.</summary>
internal abstract class ColumnDecoder
{
    /// <summary>Reads a field that is not null.</summary>
    public abstract void Read(ReadOnlySpan<byte> field, ColumnVector target, int row);

    /// <param name="type">What the values become.</param>
    /// <param name="oid">What they are, where one kind has several binary forms.</param>
    public static ColumnDecoder For(TransferType type, uint oid) =>
        type.Kind switch
        {
            TransferKind.Boolean => new Decoder<bool>(field => field[0] != 0),
            TransferKind.Int16 => new Decoder<short>(BinaryPrimitives.ReadInt16BigEndian),
            TransferKind.Int32 => new Decoder<int>(BinaryPrimitives.ReadInt32BigEndian),
            TransferKind.Int64 => new Decoder<long>(BinaryPrimitives.ReadInt64BigEndian),
            TransferKind.Float => new Decoder<float>(BinaryPrimitives.ReadSingleBigEndian),
            TransferKind.Double => new Decoder<double>(BinaryPrimitives.ReadDoubleBigEndian),
            TransferKind.Int128 => new Decoder<Int128>(field => NumericFormat.Read(field, 0)),
            TransferKind.Decimal => new Decoder<Int128>(field => NumericFormat.Read(field, type.Scale)),
            TransferKind.Number => new SpelledDecoder(NumericFormat.ReadText),
            TransferKind.Text => new TextDecoder(0),
            // jsonb begins with the version of its form
            TransferKind.Json => new TextDecoder(oid == TypeOids.Jsonb ? 1 : 0),
            TransferKind.Bits => new SpelledDecoder(ReadBits),
            TransferKind.Bytes => new Decoder<byte[]>(field => field.ToArray()),
            TransferKind.Uuid => new Decoder<Guid>(field => new Guid(field, bigEndian: true)),
            TransferKind.Date => new Decoder<int>(field =>
                PostgresTime.ToDays(BinaryPrimitives.ReadInt32BigEndian(field))
            ),
            TransferKind.Time => new Decoder<long>(BinaryPrimitives.ReadInt64BigEndian),
            TransferKind.TimeTz => new Decoder<TimeTzValue>(field => new TimeTzValue(
                BinaryPrimitives.ReadInt64BigEndian(field),
                -BinaryPrimitives.ReadInt32BigEndian(field[8..])
            )),
            TransferKind.Timestamp or TransferKind.TimestampTz => new Decoder<long>(field =>
                PostgresTime.ToMicros(BinaryPrimitives.ReadInt64BigEndian(field))
            ),
            TransferKind.Interval => new Decoder<IntervalValue>(field => new IntervalValue(
                BinaryPrimitives.ReadInt32BigEndian(field[12..]),
                BinaryPrimitives.ReadInt32BigEndian(field[8..]),
                BinaryPrimitives.ReadInt64BigEndian(field)
            )),
            TransferKind.List when type.Element is { } element => new ListDecoder(element),
            _ => throw new ArgumentOutOfRangeException(
                nameof(type),
                type.Kind,
                "cannot be read from postgres"
            ),
        };

    private static string ReadBits(ReadOnlySpan<byte> field)
    {
        var bytes = field[4..];
        var text = new char[BinaryPrimitives.ReadInt32BigEndian(field)];
        for (var i = 0; i < text.Length; i++)
            text[i] = (bytes[i / 8] & (0x80 >> (i % 8))) == 0 ? '0' : '1';
        return new string(text);
    }

    private delegate T FieldReader<T>(ReadOnlySpan<byte> field);

    private sealed class Decoder<T>(FieldReader<T> read) : ColumnDecoder
    {
        public override void Read(ReadOnlySpan<byte> field, ColumnVector target, int row) =>
            ((ColumnVector<T>)target).Values[row] = read(field);
    }

    /// <summary>For values that are written out as text.</summary>
    private sealed class SpelledDecoder(FieldReader<string> read) : ColumnDecoder
    {
        public override void Read(ReadOnlySpan<byte> field, ColumnVector target, int row) =>
            ((Utf8Vector)target).SetText(row, read(field));
    }

    private sealed class TextDecoder(int skipped) : ColumnDecoder
    {
        // the server sees to it that it is UTF-8, whatever the encoding of the database
        public override void Read(ReadOnlySpan<byte> field, ColumnVector target, int row) =>
            ((Utf8Vector)target).SetUtf8(row, field[skipped..]);
    }

    private sealed class ListDecoder(TransferType element) : ColumnDecoder
    {
        public override void Read(ReadOnlySpan<byte> field, ColumnVector target, int row) =>
            ((ColumnVector<object?[]>)target).Values[row] = ReadElements(field);

        private object?[] ReadElements(ReadOnlySpan<byte> field)
        {
            var dimensions = BinaryPrimitives.ReadInt32BigEndian(field);
            if (dimensions == 0)
                return [];
            if (dimensions > 1)
                throw new UnstorableValueException(
                    "an array of several dimensions, which a list cannot hold",
                    "write to_jsonb(x) where the column is read"
                );
            var oid = BinaryPrimitives.ReadUInt32BigEndian(field[8..]);
            var count = BinaryPrimitives.ReadInt32BigEndian(field[12..]);
            var elements = ColumnVector.Create(element, count);
            var decoder = For(element, oid);
            var rest = field[20..];
            for (var i = 0; i < count; i++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(rest);
                rest = rest[4..];
                elements.Nulls[i] = length < 0;
                if (length < 0)
                    continue;
                decoder.Read(rest[..length], elements, i);
                rest = rest[length..];
            }
            return elements.ToObjects(count);
        }
    }
}
