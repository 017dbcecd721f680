namespace Strata.Compiler.Sql;

/// <summary>A table or view on one connection, as two unquoted identifiers.</summary>
public readonly record struct RelationName(string Schema, string Name)
{
    /// <summary>For messages only; never for SQL: see <see cref="SqlDialect.Quote"/>.</summary>
    public override string ToString() => $"{Schema}.{Name}";
}
