using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;
using Strata.Runner.Files;

namespace Strata.Runner.Execution;

/// <summary>Decides what a mention of a relation reads in this run: the published relation, a post-image, landed files.</summary>
internal sealed class RelationBinder(RunContext context)
{
    /// <summary>The SQL to run now.</summary>
    public BoundSql Bind(CompiledSql sql, string connection, FileBatch? files = null) =>
        sql.Bind(reference => Replacement(sql, reference, connection, staged: true, files));

    /// <summary>The SQL that a published view keeps: no name of this run may be in it.</summary>
    public BoundSql BindPublished(CompiledSql sql, string connection, FileBatch? files = null) =>
        sql.Bind(reference => Replacement(sql, reference, connection, staged: false, files));

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
        FileBatch? files
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
            var query = FilesOf(source, config, files);
            return TableAlias.Follows(sql.Text, reference.Span.End)
                ? query
                : $"{query} as {on.Dialect.QuoteIdentifier(source.Relation.Name)}";
        }
        return staged && context.Staged.TryGetValue(IdOn(connection, node), out var stage)
            ? on.Dialect.Quote(stage.Relation.PostImage)
            : null;
    }
}
