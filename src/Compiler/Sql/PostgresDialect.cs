namespace Strata.Compiler.Sql;

/// <summary>Postgres 13 and later.</summary>
public sealed class PostgresDialect : SqlDialect
{
    public static readonly PostgresDialect Instance = new();

    private PostgresDialect() { }

    public override EngineType Engine => EngineType.Postgres;

    public override string Name => "postgres";

    public override int MaxIdentifierBytes => 63;

    // with standard_conforming_strings off a backslash would escape; the E form reads alike either way
    public override string QuoteString(string value) =>
        value.Contains('\\', StringComparison.Ordinal)
            ? " E" + base.QuoteString(value.Replace("\\", "\\\\", StringComparison.Ordinal))
            : base.QuoteString(value);

    public override RelationName Temporary(string name) => new("pg_temp", name);

    public override string? Untended => "autovacuum_enabled";

    public override string RowAddress => "ctid";

    public override string Comparable(string expression, string type) =>
        type is "json" or "xml" or "point" or "line" or "lseg" or "box" or "path" or "polygon" or "circle"
            ? $"cast({expression} as text)"
            : expression;

    public override string JsonType => "jsonb";

    public override string FromJson(string literal, string type) =>
        type.EndsWith("[]", StringComparison.Ordinal)
            ? $"cast(array(select jsonb_array_elements_text(cast({literal} as jsonb))) as {type})"
            : $"cast({literal} as {type})";

    public override string TypeName(SqlType type) =>
        type switch
        {
            SqlType.Boolean => "boolean",
            SqlType.Integer => "integer",
            SqlType.BigInt => "bigint",
            SqlType.Double => "double precision",
            SqlType.Date => "date",
            SqlType.Timestamp => "timestamp",
            SqlType.TimestampTz => "timestamptz",
            SqlType.Text => "text",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
