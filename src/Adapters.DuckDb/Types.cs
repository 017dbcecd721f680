using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb;

/// <summary>DuckDB's types and the types in transit; docs/reference/types.md shows both ways as a table.</summary>
internal static class Types
{
    /// <summary>What a column's values travel as.</summary>
    public static TransferType ToTransfer(ColumnType type) =>
        type.Id switch
        {
            DuckDBType.Boolean => new(TransferKind.Boolean),
            DuckDBType.TinyInt or DuckDBType.SmallInt or DuckDBType.UnsignedTinyInt => new(
                TransferKind.Int16
            ),
            // a bare NULL has the type that a table made of it gets
            DuckDBType.Integer or DuckDBType.UnsignedSmallInt or DuckDBType.SqlNull => new(
                TransferKind.Int32
            ),
            DuckDBType.BigInt or DuckDBType.UnsignedInteger => new(TransferKind.Int64),
            DuckDBType.UnsignedBigInt => new(TransferKind.Int128) { Precision = 20 },
            DuckDBType.HugeInt => new(TransferKind.Int128) { Precision = 39 },
            DuckDBType.UnsignedHugeInt or DuckDBType.Bignum => new(TransferKind.Number),
            DuckDBType.Float => new(TransferKind.Float),
            DuckDBType.Double => new(TransferKind.Double),
            DuckDBType.Decimal => new(TransferKind.Decimal) { Precision = type.Width, Scale = type.Scale },
            DuckDBType.Varchar => new(type.IsJson ? TransferKind.Json : TransferKind.Text),
            DuckDBType.Enum => new(TransferKind.Text),
            DuckDBType.Blob => new(TransferKind.Bytes),
            DuckDBType.Bit => new(TransferKind.Bits),
            DuckDBType.Date => new(TransferKind.Date),
            DuckDBType.Time => new(TransferKind.Time),
            DuckDBType.TimeTz => new(TransferKind.TimeTz),
            DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs => new(
                TransferKind.Timestamp
            ),
            DuckDBType.TimestampNs => new(TransferKind.TimestampNs),
            DuckDBType.TimestampTz => new(TransferKind.TimestampTz),
            DuckDBType.Interval => new(TransferKind.Interval),
            DuckDBType.Uuid => new(TransferKind.Uuid),
            DuckDBType.Struct or DuckDBType.Map => new(TransferKind.Json),
            DuckDBType.List or DuckDBType.Array => ListToTransfer(type.Children[0].Type),
            _ => new(TransferKind.Unsupported),
        };

    /// <summary>The cast that a column needs before <see cref="VectorDecoder"/> can read it as its transfer type.</summary>
    public static string? CastFor(ColumnType type, string expression) =>
        type.Id switch
        {
            DuckDBType.UnsignedHugeInt or DuckDBType.Bignum or DuckDBType.Bit => $"{expression}::varchar",
            DuckDBType.SqlNull => $"{expression}::integer",
            DuckDBType.Struct or DuckDBType.Map => $"to_json({expression})",
            DuckDBType.List
            or DuckDBType.Array
                when ToTransfer(type).Element is { } element
                    && (element.Kind is TransferKind.Number or TransferKind.Bits) =>
                $"{expression}::varchar[]",
            // a fixed size has no counterpart elsewhere
            DuckDBType.Array when ToTransfer(type).Kind == TransferKind.List =>
                $"{expression}::{type.Children[0].Type}[]",
            DuckDBType.List or DuckDBType.Array when ToTransfer(type).Kind == TransferKind.Json =>
                $"to_json({expression})",
            _ => null,
        };

    /// <summary>The column type that holds every value of a transfer type.</summary>
    public static ColumnMapping FromTransfer(TransferColumn column) =>
        column.Type.Kind switch
        {
            TransferKind.Unsupported => ColumnMapping.Refused(
                column,
                "VARCHAR",
                $"{column.SourceType} has no counterpart in duckdb",
                "text"
            ),
            TransferKind.Number => ColumnMapping.Refused(
                column,
                "VARCHAR",
                $"{column.SourceType} can hold more than the 38 digits of duckdb's decimal",
                "numeric(38, 10)"
            ),
            TransferKind.List when column.Type.Element?.Kind == TransferKind.Number => ColumnMapping.Refused(
                column,
                "VARCHAR[]",
                $"{column.SourceType} can hold more than the 38 digits of duckdb's decimal",
                "text[]"
            ),
            _ => new(column, Name(column.Type), null, null),
        };

    public static string Name(TransferType type) =>
        type.Kind switch
        {
            TransferKind.Boolean => "BOOLEAN",
            TransferKind.Int16 => "SMALLINT",
            TransferKind.Int32 => "INTEGER",
            TransferKind.Int64 => "BIGINT",
            TransferKind.Int128 => type.Precision is > 0 and <= 20 ? "UBIGINT" : "HUGEINT",
            TransferKind.Float => "FLOAT",
            TransferKind.Double => "DOUBLE",
            TransferKind.Decimal => string.Create(
                CultureInfo.InvariantCulture,
                $"DECIMAL({type.Precision},{type.Scale})"
            ),
            TransferKind.Text => "VARCHAR",
            TransferKind.Json => "JSON",
            TransferKind.Bytes => "BLOB",
            TransferKind.Bits => "BIT",
            TransferKind.Date => "DATE",
            TransferKind.Time => "TIME",
            TransferKind.TimeTz => "TIME WITH TIME ZONE",
            TransferKind.Timestamp => "TIMESTAMP",
            TransferKind.TimestampNs => "TIMESTAMP_NS",
            TransferKind.TimestampTz => "TIMESTAMP WITH TIME ZONE",
            TransferKind.Interval => "INTERVAL",
            TransferKind.Uuid => "UUID",
            TransferKind.List when type.Element is { } element => $"{Name(element)}[]",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "has no type of its own"),
        };

    public static ImmutableArray<TransferColumn> ToTransfer(
        ImmutableArray<(string Name, ColumnType Type)> columns
    ) =>
        [
            .. columns.Select(column => new TransferColumn(
                column.Name,
                ToTransfer(column.Type),
                column.Type.ToString()
            )),
        ];

    // an element that would need a cast of its own (a struct, a list) sends the whole list as JSON
    private static TransferType ListToTransfer(ColumnType element)
    {
        var type = ToTransfer(element);
        return type.Kind switch
        {
            TransferKind.Unsupported => type,
            TransferKind.List => new(TransferKind.Json),
            TransferKind.Json when !element.IsJson => new(TransferKind.Json),
            _ => new(TransferKind.List) { Element = type },
        };
    }
}
