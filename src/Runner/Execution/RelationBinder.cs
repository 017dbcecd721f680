using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;
using Strata.Runner.Files;

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
    public string FilesOf(SourceNode source, FilesConfig config, FileBatch? files)
    {
        var landed =
            files?.Landed.GetValueOrDefault(source.UniqueId) ?? context.States.Landed[source.UniqueId];
        var query = FilesQuery.Create(
            landed,
            config,
            context.Connections[source.Connection].Dialect,
            context.Manifest.ProjectFolder,
            context.Plan.StartedAt,
            files?.BatchId ?? 0
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
            return Aliased(sql, reference, on, source, FilesOf(source, config, scope.Files));
        }
        var id = IdOn(connection, node);
        if (reference.Kind == ReferenceKind.Changes)
        {
            var relation = context.Graph.FindTransfer(id)?.Replica ?? node.Relation;
            var query = _feeds.Query(on, id, relation, scope.After?.GetValueOrDefault(id));
            return Aliased(sql, reference, on, node, $"({query})");
        }
        return staged && context.Staged.TryGetValue(id, out var stage)
            ? on.Dialect.Quote(stage.Relation.PostImage)
            : null;
    }

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
