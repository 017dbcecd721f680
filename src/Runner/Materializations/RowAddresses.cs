using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// Rows of a published table by where they are stored. The table may have partitions of somebody's making, and then two of its rows may
/// have one address: the part they lie in belongs to it.
/// </summary>
internal static class RowAddresses
{
    private const string Part = "__strata_part";

    /// <summary>The columns of a query that give the address of its rows a name.</summary>
    public static string Of(SqlDialect dialect, string name) =>
        $"{dialect.RowAddress} as {name}" + (dialect.RowPart is { } part ? $", {part} as {Part}" : "");

    /// <summary>The same columns, of a query around that one.</summary>
    public static string Names(SqlDialect dialect, string name, string prefix = "") =>
        prefix + name + (dialect.RowPart is null ? "" : $", {prefix}{Part}");

    /// <param name="table">Quoted.</param>
    /// <param name="addresses">A query with the columns of <see cref="Names"/>.</param>
    public static string Delete(SqlDialect dialect, string table, string addresses, string name) =>
        dialect.RowPart is { } part
            ? $"""
                delete from {table} as {RowAlias.Target} using (
                {addresses}
                ) as gone where {RowAlias.Target}.{dialect.RowAddress} = gone.{name} and {RowAlias.Target}.{part} = gone.{Part}
                """
            : $"""
                delete from {table} where {dialect.RowAddress} in (
                {addresses}
                )
                """;
}
