using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Materializations;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>
/// The rows of a node that rows of it may refer to: what is published and stays beside a batch, and the batch itself, before anything is taken out of it.
/// Published rows that the batch may replace count as well: the key by which others refer to them stays.
/// </summary>
/// <param name="Columns">The columns of the rows that are judged; others come in their shape.</param>
internal sealed record RowsTogether(
    SqlDialect Dialect,
    RelationNode Node,
    ImmutableArray<ColumnSchema> Columns,
    ImmutableArray<string> Queries
)
{
    /// <param name="columns">The columns of the rows that are judged.</param>
    /// <param name="replacedFiles">Landed files whose published rows go.</param>
    public static RowsTogether Published(
        ConnectionRun on,
        RelationNode node,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<string> replacedFiles
    )
    {
        var none = None(on.Dialect, node, columns);
        if (on.Find(node.Relation) is not { } published)
            return none;
        var file = IncrementalBatch.FileColumnOf(published.Columns);
        if (file is null || replacedFiles.IsDefaultOrEmpty)
            return none.And(published.Name, published.Columns);
        var name = on.Dialect.QuoteIdentifier(file.Name);
        var paths = string.Join(", ", replacedFiles.Select(on.Dialect.QuoteString));
        return none.And(published.Name, published.Columns, $"({name} is null or {name} not in ({paths}))");
    }

    public static RowsTogether None(
        SqlDialect dialect,
        RelationNode node,
        ImmutableArray<ColumnSchema> columns
    ) => new(dialect, node, columns, []);

    /// <param name="condition">Which rows of the table; null for all.</param>
    public RowsTogether And(
        RelationName table,
        ImmutableArray<ColumnSchema> columns,
        string? condition = null
    )
    {
        var list = string.Join(", ", Columns.Select(column => Shaped(column, columns)));
        var where = condition is null ? "" : $" where {condition}";
        return this with { Queries = Queries.Add($"select {list} from {Dialect.Quote(table)}{where}") };
    }

    public CheckRelation ToRelation() =>
        new(
            $"({string.Join(" union all ", Queries)})",
            Node.Relation.Name,
            [.. Columns.Select(column => new CheckColumn(column.Name, column.Type))]
        )
        {
            IsStored = false,
        };

    private string Shaped(ColumnSchema column, ImmutableArray<ColumnSchema> columns)
    {
        var name = Dialect.QuoteIdentifier(column.Name);
        var known = columns.Find(column.Name);
        return known is null ? $"cast(null as {column.Type}) as {name}"
            : known.Name == column.Name && known.Type == column.Type ? name
            : $"cast({Dialect.QuoteIdentifier(known.Name)} as {column.Type}) as {name}";
    }
}
