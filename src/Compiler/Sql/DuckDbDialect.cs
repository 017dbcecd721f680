using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Strata.Compiler.Sql;

/// <summary>DuckDB 1.5.</summary>
public sealed class DuckDbDialect : SqlDialect
{
    public static readonly DuckDbDialect Instance = new();

    private DuckDbDialect() { }

    public override EngineType Engine => EngineType.DuckDb;

    public override string Name => "duckdb";

    public override int MaxIdentifierBytes => int.MaxValue;

    public override bool FoldsCase => true;

    public override bool ComparesAcrossTypes => true;

    public override string TextAsNumber(string expression) => $"try_cast({expression} as double)";

    // 30 days are a month to it, though not on the calendar
    public override string Comparable(string expression, string type) =>
        type.Contains("INTERVAL", StringComparison.OrdinalIgnoreCase)
            ? $"cast({expression} as varchar)"
            : expression;

    // what a collation takes for equal need not be the same text; comparing by the collation of bytes costs nothing
    protected override string Identical(string expression, string type) =>
        type.Equals("VARCHAR", StringComparison.OrdinalIgnoreCase)
            ? $"cast({expression} as varchar) collate c"
        // 0.0 equals -0.0, in lists and structs too; the text alone would take null for 'NULL'
        : HoldsFloats(type) ? $"row({expression}, cast({expression} as varchar))"
        : Comparable(expression, type);

    // only of zeros is more looked at, which costs nothing for numbers, and little for long lists of them: their text costs 30 times as much
    public override string Differ(string left, string right, string type)
    {
        var stored = $"cast({right} as {type})";
        return IsFloat(type)
                ? $"({left} is distinct from {stored} or ({left} is not distinct from 0 and signbit({left}) <> signbit({stored})))"
            : IsFloats(type)
                ? $"({left} is distinct from {stored} or case when list_contains({left}, 0) "
                    + $"then cast({left} as varchar) <> cast({stored} as varchar) else false end)"
            : base.Differ(left, right, type);
    }

    private static bool IsFloat(string type) => type.ToUpperInvariant() is "DOUBLE" or "FLOAT";

    /// <summary>A list or an array of them.</summary>
    private static bool IsFloats(string type) =>
        type.EndsWith(']')
        && type.IndexOf('[') is var open
        && open == type.LastIndexOf('[')
        && IsFloat(type[..open]);

    private static bool HoldsFloats(string type) =>
        !IsFloat(type)
        && (
            type.Contains("DOUBLE", StringComparison.OrdinalIgnoreCase)
            || type.Contains("FLOAT", StringComparison.OrdinalIgnoreCase)
        );

    public override RelationName Temporary(string name) => new("main", name) { Catalog = "temp" };

    /// <summary>The database, attached to the one of the connection, that is in memory.</summary>
    public const string MemoryCatalog = "strata_memory";

    /// <summary>Databases that are open beside that of a connection.</summary>
    public static readonly FrozenSet<string> OwnDatabases = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "temp",
        "system",
        MemoryCatalog
    );

    /// <summary>What DuckDB calls the database of a file: <c>shop</c> for <c>data/shop.v2.duckdb</c>.</summary>
    public static string DatabaseNameOf(string path)
    {
        if (path == ":memory:")
            return "memory";
        var name = Path.GetFileName(path).Split('.')[0];
        return name.ToLowerInvariant() is "main" or "temp" or "system" ? $"{name}_db" : name;
    }

    // a pseudo column, which a column of the name hides
    public override ImmutableArray<string> SystemColumns => ["rowid"];

    /// <summary>A row group.</summary>
    public override long? AddressBlock => 122_880;

    public override RelationName? InMemory(string name) => new("main", name) { Catalog = MemoryCatalog };

    public override string TypeName(SqlType type) =>
        type switch
        {
            SqlType.Boolean => "boolean",
            SqlType.Integer => "integer",
            SqlType.BigInt => "bigint",
            SqlType.Double => "double",
            SqlType.Date => "date",
            SqlType.Timestamp => "timestamp",
            SqlType.TimestampTz => "timestamptz",
            SqlType.Text => "varchar",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
