using System.Collections.Immutable;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Publishing;

/// <summary>Which statements make staged nodes what readers see, by what they are and what the engine does well.</summary>
internal static class PublishScripts
{
    /// <summary>
    /// The scripts of all nodes. Where columns leave or change their type in place, and where a relation makes way for another one,
    /// the views of the transaction that read it make way first and come back over what is there then; so do views of these views.
    /// </summary>
    public static ImmutableArray<PublishScript> Of(ConnectionRun on, IReadOnlyList<StagedNode> nodes)
    {
        ImmutableArray<PublishScript> scripts = [.. nodes.Select(node => Script(on, node))];
        if (!on.Capabilities.RelationIdentityMatters || !scripts.Any(DisturbsReaders))
            return scripts;
        var disturbed = new HashSet<string>();
        var others = ImmutableArray.CreateBuilder<PublishScript>(scripts.Length);
        foreach (var (node, script) in nodes.Zip(scripts))
        {
            var makesWay = node.IsView && node.Node.Inputs.Any(disturbed.Contains);
            if (makesWay || DisturbsReaders(script))
                disturbed.Add(node.Node.Id);
            others.Add(WithoutOverlay(on, node, makesWay ? Anew(on, node, script) : script));
        }
        return others.MoveToImmutable();
    }

    /// <summary>A view over the relation, as it is, would have the engine refuse.</summary>
    private static bool DisturbsReaders(PublishScript script) =>
        script.ChangesColumnsInPlace || !script.DropBefore.IsEmpty;

    private static PublishScript Anew(ConnectionRun on, StagedNode node, PublishScript script) =>
        node is { ViewBody: { } body, Relation.Existing: { Kind: RelationKind.View } existing }
            ? ViewWriter.Anew(on.Dialect, existing, ViewWriter.Definition(on.Dialect, node.Relation, body))
            : script;

    /// <summary>Our own overlay reads the target's columns too; nobody needs it any more.</summary>
    private static PublishScript WithoutOverlay(ConnectionRun on, StagedNode node, PublishScript script) =>
        node.IsView || node.Relation.Physical == node.Relation.PostImage
            ? script
            : script with
            {
                DropBefore =
                [
                    $"drop view if exists {on.Dialect.Quote(node.Relation.PostImage)} cascade",
                    .. script.DropBefore,
                ],
            };

    /// <summary>The node with the place where its batch meets its target, if that is to be written down.</summary>
    public static StagedNode Meet(ConnectionRun on, StagedNode node) =>
        node.Batch is { } batch
            ? node with
            {
                Batch = MatchedRows.Enter(on.Dialect, batch, on.Capabilities.ReplacesFasterThanUpdates),
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
                on.DefinitionOf(node.Node.Id, node.Relation.Published)
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
