namespace Strata.Compiler.Sql;

/// <summary>A table or view on one connection, as two unquoted identifiers.</summary>
public readonly record struct RelationName(string Schema, string Name)
{
    /// <summary>The database that the schema lies in; null, the connection's own, for all but temporary tables of some engines.</summary>
    public string? Catalog { get; init; }

    /// <summary>For messages only; never for SQL: see <see cref="SqlDialect.Quote"/>.</summary>
    public override string ToString() => $"{Schema}.{Name}";

    /// <summary>Of an engine to which names that differ only in case are one: see <see cref="SqlDialect.RelationNames"/>.</summary>
    public static IEqualityComparer<RelationName> IgnoringCase { get; } =
        EqualityComparer<RelationName>.Create(
            (one, other) => one.Lowered == other.Lowered,
            name => name.Lowered.GetHashCode()
        );

    private RelationName Lowered =>
        new(Schema.ToLowerInvariant(), Name.ToLowerInvariant()) { Catalog = Catalog?.ToLowerInvariant() };
}
