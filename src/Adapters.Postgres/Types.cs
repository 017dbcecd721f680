using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.Postgres;

/// <summary>Postgres's types and the types in transit; docs/reference/types.md shows both ways as a table.</summary>
internal static partial class Types
{
    private static readonly Dictionary<uint, TransferKind> Kinds = new()
    {
        [TypeOids.Boolean] = TransferKind.Boolean,
        [TypeOids.Int2] = TransferKind.Int16,
        [TypeOids.Int4] = TransferKind.Int32,
        [TypeOids.Int8] = TransferKind.Int64,
        [TypeOids.Float4] = TransferKind.Float,
        [TypeOids.Float8] = TransferKind.Double,
        [TypeOids.Numeric] = TransferKind.Number,
        [TypeOids.Text] = TransferKind.Text,
        [TypeOids.Varchar] = TransferKind.Text,
        [TypeOids.Bpchar] = TransferKind.Text,
        [TypeOids.Name] = TransferKind.Text,
        [TypeOids.Bytea] = TransferKind.Bytes,
        [TypeOids.Bit] = TransferKind.Bits,
        [TypeOids.VarBit] = TransferKind.Bits,
        [TypeOids.Date] = TransferKind.Date,
        [TypeOids.Time] = TransferKind.Time,
        [TypeOids.TimeTz] = TransferKind.TimeTz,
        [TypeOids.Timestamp] = TransferKind.Timestamp,
        [TypeOids.TimestampTz] = TransferKind.TimestampTz,
        [TypeOids.Interval] = TransferKind.Interval,
        [TypeOids.Uuid] = TransferKind.Uuid,
        [TypeOids.Json] = TransferKind.Json,
        [TypeOids.Jsonb] = TransferKind.Json,
    };

    /// <summary>What a built-in type's values travel as.</summary>
    public static TransferType ToTransfer(ResultColumn column) =>
        TypeOids.ElementOf(column.Oid) is { } element
            ? new TransferType(TransferKind.List) { Element = ToTransfer(element, column.Type) }
            : ToTransfer(column.Oid, column.Type);

    private static TransferType ToTransfer(uint oid, string name) =>
        oid == TypeOids.Numeric ? Numeric(name) : new(Kinds.GetValueOrDefault(oid, TransferKind.Unsupported));

    /// <summary>The column type that holds every value of a transfer type.</summary>
    public static ColumnMapping FromTransfer(TransferColumn column) =>
        column.Type.Kind switch
        {
            TransferKind.Unsupported => ColumnMapping.Refused(
                column,
                "text",
                $"{column.SourceType} has no counterpart in postgres",
                "varchar"
            ),
            TransferKind.TimestampNs => ColumnMapping.Refused(
                column,
                "timestamp without time zone",
                $"{column.SourceType} keeps nanoseconds, postgres keeps microseconds",
                "timestamp"
            ),
            TransferKind.List when column.Type.Element?.Kind == TransferKind.TimestampNs =>
                ColumnMapping.Refused(
                    column,
                    "timestamp without time zone[]",
                    $"{column.SourceType} keeps nanoseconds, postgres keeps microseconds",
                    "timestamp[]"
                ),
            _ => new(column, Name(column.Type), null, null),
        };

    /// <summary>The name as format_type writes it.</summary>
    public static string Name(TransferType type) =>
        type.Kind switch
        {
            TransferKind.Boolean => "boolean",
            TransferKind.Int16 => "smallint",
            TransferKind.Int32 => "integer",
            TransferKind.Int64 => "bigint",
            TransferKind.Int128 => string.Create(
                CultureInfo.InvariantCulture,
                $"numeric({(type.Precision > 0 ? type.Precision : 39)},0)"
            ),
            TransferKind.Float => "real",
            TransferKind.Double => "double precision",
            TransferKind.Decimal => string.Create(
                CultureInfo.InvariantCulture,
                $"numeric({type.Precision},{type.Scale})"
            ),
            TransferKind.Number => "numeric",
            TransferKind.Text => "text",
            TransferKind.Json => "jsonb",
            TransferKind.Bytes => "bytea",
            TransferKind.Bits => "bit varying",
            TransferKind.Date => "date",
            TransferKind.Time => "time without time zone",
            TransferKind.TimeTz => "time with time zone",
            TransferKind.Timestamp => "timestamp without time zone",
            TransferKind.TimestampTz => "timestamp with time zone",
            TransferKind.Interval => "interval",
            TransferKind.Uuid => "uuid",
            TransferKind.List when type.Element is { } element => $"{Name(element)}[]",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "has no type of its own"),
        };

    /// <summary>The type's number, as the binary form of an array names it.</summary>
    public static uint Oid(TransferType type) =>
        type.Kind switch
        {
            TransferKind.Int128 or TransferKind.Decimal or TransferKind.Number => TypeOids.Numeric,
            TransferKind.Text => TypeOids.Text,
            TransferKind.Json => TypeOids.Jsonb,
            TransferKind.Bits => TypeOids.VarBit,
            var kind => Kinds.First(pair => pair.Value == kind).Key,
        };

    // numeric(10,2); without digits it takes any number
    private static TransferType Numeric(string type)
    {
        var match = PrecisionAndScale().Match(type);
        if (!match.Success)
            return new TransferType(TransferKind.Number);
        var precision = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var scale = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        // as wide as a hugeint, which is what duckdb's sums of integers are
        if (precision == 39 && scale == 0)
            return new TransferType(TransferKind.Int128) { Precision = precision };
        return precision <= 38 && scale >= 0 && scale <= precision
            ? new TransferType(TransferKind.Decimal) { Precision = precision, Scale = scale }
            : new TransferType(TransferKind.Number);
    }

    [GeneratedRegex(@"^numeric\((\d+),(-?\d+)\)")]
    private static partial Regex PrecisionAndScale();
}
