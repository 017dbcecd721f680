using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Native;
using Strata.Compiler.Sql;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>A logical type as plain data, read once from its native handle.</summary>
internal sealed record ColumnType(DuckDBType Id)
{
    /// <summary>The name of a type that is another one underneath: JSON is a VARCHAR.</summary>
    public string? Alias { get; init; }

    public int Width { get; init; }

    public int Scale { get; init; }

    /// <summary>What the vector of a decimal or an enum holds.</summary>
    public DuckDBType Storage { get; init; } = Id;

    public ImmutableArray<string> EnumValues { get; init; } = [];

    /// <summary>Of a list or array: the element; of a map: key and value; of a struct or a union: the fields.</summary>
    public ImmutableArray<(string Name, ColumnType Type)> Children { get; init; } = [];

    public int ArraySize { get; init; }

    public bool IsJson => Id == DuckDBType.Varchar && Alias == "JSON";

    public static ColumnType Read(DuckDBLogicalType handle)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(handle);
        var type = new ColumnType(id) { Alias = NativeCalls.Alias(handle) };
        return id switch
        {
            DuckDBType.Decimal => type with
            {
                Width = NativeMethods.LogicalType.DuckDBDecimalWidth(handle),
                Scale = NativeMethods.LogicalType.DuckDBDecimalScale(handle),
                Storage = NativeMethods.LogicalType.DuckDBDecimalInternalType(handle),
            },
            DuckDBType.Enum => type with
            {
                Storage = NativeMethods.LogicalType.DuckDBEnumInternalType(handle),
                EnumValues = ReadEnumValues(handle),
            },
            DuckDBType.List => type with { Children = [ReadElement(handle, fixedSize: false)] },
            DuckDBType.Array => type with
            {
                Children = [ReadElement(handle, fixedSize: true)],
                ArraySize = (int)NativeMethods.LogicalType.DuckDBArrayVectorGetSize(handle),
            },
            DuckDBType.Map => type with { Children = ReadKeyAndValue(handle) },
            DuckDBType.Struct => type with { Children = ReadFields(handle) },
            DuckDBType.Union => type with { Children = ReadMembers(handle) },
            _ => type,
        };
    }

    /// <summary>The type as SQL, fit for a column definition, and spelled as in DuckDB's catalog: types are compared by it.</summary>
    public override string ToString() =>
        Id switch
        {
            _ when Alias is { Length: > 0 } => Alias,
            DuckDBType.TinyInt => "TINYINT",
            DuckDBType.UnsignedTinyInt => "UTINYINT",
            DuckDBType.UnsignedSmallInt => "USMALLINT",
            DuckDBType.UnsignedInteger => "UINTEGER",
            DuckDBType.UnsignedBigInt => "UBIGINT",
            DuckDBType.UnsignedHugeInt => "UHUGEINT",
            DuckDBType.TimestampS => "TIMESTAMP_S",
            DuckDBType.TimestampMs => "TIMESTAMP_MS",
            DuckDBType.TimestampNs => "TIMESTAMP_NS",
            DuckDBType.TimestampTz => "TIMESTAMP WITH TIME ZONE",
            DuckDBType.TimeTz => "TIME WITH TIME ZONE",
            DuckDBType.TimeNs => "TIME_NS",
            DuckDBType.SqlNull => "\"NULL\"",
            DuckDBType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Width},{Scale})"),
            DuckDBType.Enum =>
                $"ENUM({string.Join(", ", EnumValues.Select(DuckDbDialect.Instance.QuoteString))})",
            DuckDBType.List => $"{Children[0].Type}[]",
            DuckDBType.Array => string.Create(
                CultureInfo.InvariantCulture,
                $"{Children[0].Type}[{ArraySize}]"
            ),
            DuckDBType.Map => $"MAP({Children[0].Type}, {Children[1].Type})",
            DuckDBType.Struct => $"STRUCT({Spell(Children)})",
            DuckDBType.Union => $"UNION({Spell(Children)})",
            _ => Id.ToString().ToUpperInvariant(),
        };

    // the fields of row(1, 2) have no names
    private static string Spell(ImmutableArray<(string Name, ColumnType Type)> fields) =>
        string.Join(
            ", ",
            fields.Select(field =>
                field.Name.Length == 0
                    ? field.Type.ToString()
                    : $"{FieldNames.Spell(field.Name)} {field.Type}"
            )
        );

    private static ImmutableArray<string> ReadEnumValues(DuckDBLogicalType handle)
    {
        var count = (int)NativeMethods.LogicalType.DuckDBEnumDictionarySize(handle);
        var values = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
            values.Add(NativeMethods.LogicalType.DuckDBEnumDictionaryValue(handle, i));
        return values.MoveToImmutable();
    }

    private static (string, ColumnType) ReadElement(DuckDBLogicalType handle, bool fixedSize)
    {
        using var element = fixedSize
            ? NativeMethods.LogicalType.DuckDBArrayTypeChildType(handle)
            : NativeMethods.LogicalType.DuckDBListTypeChildType(handle);
        return ("", Read(element));
    }

    private static ImmutableArray<(string, ColumnType)> ReadKeyAndValue(DuckDBLogicalType handle)
    {
        using var key = NativeMethods.LogicalType.DuckDBMapTypeKeyType(handle);
        using var value = NativeMethods.LogicalType.DuckDBMapTypeValueType(handle);
        return [("key", Read(key)), ("value", Read(value))];
    }

    private static ImmutableArray<(string, ColumnType)> ReadFields(DuckDBLogicalType handle)
    {
        var count = NativeMethods.LogicalType.DuckDBStructTypeChildCount(handle);
        var fields = ImmutableArray.CreateBuilder<(string, ColumnType)>((int)count);
        for (var i = 0L; i < count; i++)
        {
            using var field = NativeMethods.LogicalType.DuckDBStructTypeChildType(handle, i);
            fields.Add((NativeMethods.LogicalType.DuckDBStructTypeChildName(handle, i), Read(field)));
        }
        return fields.MoveToImmutable();
    }

    private static ImmutableArray<(string, ColumnType)> ReadMembers(DuckDBLogicalType handle)
    {
        var count = NativeCalls.UnionMemberCount(handle);
        var members = ImmutableArray.CreateBuilder<(string, ColumnType)>((int)count);
        for (var i = 0ul; i < count; i++)
        {
            using var member = NativeCalls.UnionMemberType(handle, i);
            members.Add((NativeCalls.UnionMemberName(handle, i), Read(member)));
        }
        return members.MoveToImmutable();
    }
}
