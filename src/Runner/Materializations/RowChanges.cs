using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>Parts of statements that update rows of <c>target</c> from <c>batch</c>.</summary>
internal static class RowChanges
{
    public static string Assign(SqlDialect dialect, IEnumerable<ColumnSchema> columns) =>
        string.Join(
            ", ",
            columns
                .Select(column => dialect.QuoteIdentifier(column.Name))
                .Select(name => $"{name} = {RowAlias.Batch}.{name}")
        );

    /// <summary>True where a row would change; null when there is nothing to compare.</summary>
    /// <param name="target">The target's value of a column, where it is not simply its column.</param>
    public static string? Differ(
        SqlDialect dialect,
        IEnumerable<ColumnSchema> columns,
        ImmutableHashSet<string> exceptFor,
        Func<ColumnSchema, string>? target = null
    )
    {
        var conditions = columns
            .Where(column => !exceptFor.Contains(column.Name))
            .Select(column =>
            {
                var name = dialect.QuoteIdentifier(column.Name);
                return dialect.Differ(
                    target?.Invoke(column) ?? $"{RowAlias.Target}.{name}",
                    $"{RowAlias.Batch}.{name}",
                    column.Type
                );
            })
            .ToImmutableArray();
        return conditions.IsEmpty ? null : string.Join(" or ", conditions);
    }
}
