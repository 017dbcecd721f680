using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Files;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution;

/// <summary>Decides what a mention of a relation reads in this run: the published relation, a post-image, landed files.</summary>
internal sealed class RelationBinder(RunContext context)
{
    private readonly FeedReading _feeds = new(context);

    /// <summary>The SQL to run now.</summary>
    public BoundSql Bind(CompiledSql sql, string connection, ReadScope? scope = null) =>
        sql.Bind(reference =>
            Replacement(sql, reference, connection, staged: true, scope ?? ReadScope.Everything)
        );

    /// <summary>The SQL that a published view keeps: no name of this run may be in it.</summary>
    public BoundSql BindPublished(CompiledSql sql, string connection, ReadScope? scope = null) =>
        sql.Bind(reference =>
            Replacement(sql, reference, connection, staged: false, scope ?? ReadScope.Everything)
        );

    /// <summary>The query that reads the files of a source, in parentheses.</summary>
    /// <param name="onlyGoodRows">See <see cref="FilesQuery.Create"/>.</param>
    public string FilesOf(SourceNode source, FilesConfig config, FileBatch? files, bool onlyGoodRows = false)
    {
        if (files?.Queries.GetValueOrDefault(source.UniqueId) is { } staged)
            return $"(\n{staged}\n)";
        if (FilesQuery.FindUnsupported(config) is { } option)
        {
            throw new NodeFailedException(
                FileDiagnostics.NeedsLanding(
                    source.Declaration,
                    $"{source.SourceName}.{source.Name}",
                    option,
                    context.Connections[source.Connection].Dialect.Name
                )
            );
        }
        var landed = context.States.Landed[source.UniqueId];
        var query = FilesQuery.Create(
            landed,
            config,
            context.Connections[source.Connection].Dialect,
            context.Manifest.ProjectFolder,
            context.Plan.StartedAt,
            files?.BatchId ?? 0,
            onlyGoodRows
        );
        return $"(\n{query}\n)";
    }

    /// <summary>The node, or the transfer that stands for it on a connection.</summary>
    public string IdOn(string connection, RelationNode node) =>
        node.Connection == connection
            ? node.UniqueId
            : Planning.Transfer.IdOf(context.Manifest.ProjectName, node, connection);

    private string? Replacement(
        CompiledSql sql,
        RelationReference reference,
        string connection,
        bool staged,
        ReadScope scope
    )
    {
        if (
            reference.Kind == ReferenceKind.This
            || context.Manifest.Find<RelationNode>(reference.NodeId) is not { } node
        )
            return null;
        var on = context.Connections[connection];
        if (node is SourceNode { Files: { } config } source && source.Connection == connection)
        {
            var landed = FilesOf(source, config, scope.Files);
            return Aliased(
                sql,
                reference,
                on,
                source,
                EventTimes(reference, node, scope) is { } column
                    ? Within(
                        $"{landed} as landed",
                        on.Dialect.QuoteIdentifier(column),
                        null,
                        on,
                        scope,
                        NumberedRows
                    )
                    : landed
            );
        }
        var id = IdOn(connection, node);
        if (reference.Kind == ReferenceKind.Changes)
        {
            var relation = context.Graph.FindTransfer(id)?.Replica ?? node.Relation;
            var query = _feeds.Query(on, id, relation, scope.After?.GetValueOrDefault(id));
            return Aliased(sql, reference, on, node, $"({query})");
        }
        var postImage =
            staged && context.Staged.TryGetValue(id, out var stage)
                ? on.Dialect.Quote(stage.Relation.PostImage)
                : null;
        if (EventTimes(reference, node, scope) is null)
            return postImage;
        var (read, time, type) = DividedBy(connection, node, scope.Files);
        return Aliased(sql, reference, on, node, Within(read, time, type, on, scope));
    }

    /// <summary>The inputs of a model that batches divide by time: what is read, and by which column of which type.</summary>
    /// <param name="files">What is read instead of landed files, see <see cref="ReadScope.Files"/>.</param>
    public IEnumerable<(RelationNode Node, string Relation, string Column, string? Type)> DividedInputsOf(
        CompiledSql sql,
        string connection,
        FileBatch? files
    )
    {
        foreach (var some in sql.Reads.Where(reference => !reference.IsWhole).GroupBy(r => r.NodeId))
        {
            if (
                some.Any(reference => reference.Kind is ReferenceKind.Ref or ReferenceKind.Source)
                && context.Manifest.Find<RelationNode>(some.Key) is { } node
                && node.EventTime() is not null
            )
            {
                var (relation, column, type) = DividedBy(connection, node, files);
                yield return (node, relation, column, type);
            }
        }
    }

    // never null as it is; over a filter DuckDB fails with an internal error where a query keeps the row with the greatest plain number of each key
    private const string NumberedRows = "* replace (coalesce(_source_row, 0) as _source_row)";

    private static string? EventTimes(RelationReference reference, RelationNode node, ReadScope scope) =>
        scope.Periods.IsEmpty || reference.IsWhole ? null : node.EventTime();

    private (string Relation, string Column, string? Type) DividedBy(
        string connection,
        RelationNode node,
        FileBatch? files
    )
    {
        var on = context.Connections[connection];
        var declared = node.EventTime() ?? "";
        if (node is SourceNode { Files: { } config } source && source.Connection == connection)
            return (
                $"{FilesOf(source, config, files)} as landed",
                on.Dialect.QuoteIdentifier(declared),
                null
            );
        var id = IdOn(connection, node);
        var published = context.Graph.FindTransfer(id)?.Replica ?? node.Relation;
        var staged = context.Staged.GetValueOrDefault(id);
        var columns = staged is null ? on.Find(published)?.Columns ?? [] : staged.Columns;
        var column = columns.Find(declared);
        return (
            on.Dialect.Quote(staged?.Relation.PostImage ?? published),
            on.Dialect.QuoteIdentifier(column?.Name ?? declared),
            column?.Type
        );
    }

    private static string Within(
        string relation,
        string column,
        string? type,
        ConnectionRun on,
        ReadScope scope,
        string columns = "*"
    ) =>
        $"(select {columns} from {relation} where {BatchWindow.Contains(on.Dialect, column, type, scope.Periods)})";

    /// <summary>A query in place of a name keeps the name, so that it can be used to qualify columns.</summary>
    private static string Aliased(
        CompiledSql sql,
        RelationReference reference,
        ConnectionRun on,
        RelationNode node,
        string query
    ) =>
        TableAlias.Follows(sql.Text, reference.Span.End)
            ? query
            : $"{query} as {on.Dialect.QuoteIdentifier(node.Relation.Name)}";
}
