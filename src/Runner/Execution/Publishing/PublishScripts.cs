using System.Collections.Immutable;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Publishing;

/// <summary>Which statements make staged nodes what readers see, by what they are and what the engine does well.</summary>
internal static class PublishScripts
{
    /// <summary>
    /// The scripts of all nodes. Where columns leave or change their type in place, the views of the transaction
    /// make way first and come back over the new columns.
    /// </summary>
    public static ImmutableArray<PublishScript> Of(ConnectionRun on, IReadOnlyList<StagedNode> nodes)
    {
        ImmutableArray<PublishScript> scripts = [.. nodes.Select(node => Script(on, node))];
        if (!on.Capabilities.RelationIdentityMatters || !scripts.Any(script => script.ChangesColumnsInPlace))
            return scripts;
        return [.. nodes.Zip(scripts, (node, script) => WithoutViews(on, node, script))];
    }

    private static PublishScript WithoutViews(ConnectionRun on, StagedNode node, PublishScript script)
    {
        // our own overlay reads the target's columns too; nobody needs it any more
        ImmutableArray<string> overlay =
            node.Relation.Physical == node.Relation.PostImage && !node.IsView
                ? []
                : [$"drop view if exists {on.Dialect.Quote(node.Relation.PostImage)} cascade"];
        if (node is { ViewBody: { } body, Relation.Existing: { Kind: RelationKind.View } existing })
            script = ViewWriter.Anew(
                on.Dialect,
                existing,
                ViewWriter.Definition(on.Dialect, node.Relation, body)
            );
        return script with { DropFirst = [.. overlay, .. script.DropFirst] };
    }

    /// <summary>The node with the place where its batch meets its target, if that is to be written down.</summary>
    public static StagedNode Meet(ConnectionRun on, StagedNode node) =>
        node.Batch is { } batch
            ? node with
            {
                Batch = MetRows.Enter(on.Dialect, batch, on.Capabilities.ReplacesFasterThanUpdates),
            }
            : node;

    private static PublishScript Script(ConnectionRun on, StagedNode node)
    {
        if (node.ViewBody is { } body)
        {
            return ViewWriter.Write(
                on.Dialect,
                node.Relation,
                body,
                on.Capabilities.RelationIdentityMatters,
                on.OwnedBy(node.Node.Id, node.Relation.Published)?.Definition
            );
        }
        if (node.Batch is { } batch)
            return IncrementalWriter.Write(on.Dialect, batch);
        var writer =
            node.Relation.Writer?.Writer
            ?? WriterChoice.Choose(on.Capabilities.RelationIdentityMatters, node.Relation, null).Writer;
        return writer == TableWriter.Swap
            ? SwapWriter.Write(on.Dialect, node.Relation, on.Capabilities.RelationIdentityMatters)
            : InPlaceWriter.Write(on.Dialect, node.Relation, writer);
    }
}
