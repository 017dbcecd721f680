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
        || type.Equals("JSON", StringComparison.OrdinalIgnoreCase)
            ? $"cast({expression} as varchar) collate c"
            : Comparable(expression, type);

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

    public override bool ScansForAddresses => true;

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
