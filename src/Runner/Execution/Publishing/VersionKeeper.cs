using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Execution.Publishing;

/// <summary>Keeps what a publish replaces, in its transaction, and notes what Strata has made.</summary>
internal sealed class VersionKeeper(RunContext context)
{
    // by node: the publish of this run behind which the batches of a microbatch model are nothing new
    private readonly ConcurrentDictionary<string, long> _starts = new();

    /// <summary>How the old version of a node is kept while a script publishes the new one.</summary>
    public KeepPlan Plan(ConnectionRun on, StagedNode node, PublishScript script)
    {
        if (!context.Manifest.RetentionOf(node.Node.Id).Keeps)
            return KeepPlan.Nothing(script);
        var batchId = context.NextBatchOf(node.Node.Id);
        var publish = (context.Plan.RunId, batchId);
        var plan = KeepPlan
            .Create(
                on.Dialect,
                on.Capabilities.RelationIdentityMatters,
                node,
                script,
                publish,
                on.DefinitionOf(node.Node.Id, node.Relation.Published),
                Definition(on, node),
                _starts.TryGetValue(node.Node.Id, out var start) && start < batchId
            )
            .WithQuarantine(on.Dialect, node, publish)
            .WithStates(on.Dialect, node, publish);
        // a publish that fails is followed by one of the same number
        if (node.Batches is not null && plan.Kind is KeptKind.Absent or KeptKind.Whole)
            _starts[node.Node.Id] = batchId;
        return plan;
    }

    /// <summary>The statements that note the publish; they run before the node's state moves.</summary>
    /// <param name="state">Where the node is about to stand.</param>
    public IEnumerable<string> Note(
        ConnectionRun on,
        StagedNode node,
        KeepPlan plan,
        NodeState state,
        RowCounts counts
    )
    {
        var owned = Owned(on, node);
        var before = on.OwnedBy(owned.Node, owned.Relation);
        if (before != owned)
        {
            if (before is not null)
                yield return OwnedReader.Forget(on.Dialect, owned.Node, owned.Relation);
            yield return OwnedReader.Add(on.Dialect, owned);
        }
        if (plan.Kind is not { } kind)
            yield break;
        var table = plan.Table;
        if (
            kind == KeptKind.Changes
            && table is { } empty
            && counts is { Inserted: 0, Updated: 0, Deleted: 0 }
        )
        {
            yield return Ddl.DropTable(on.Dialect, empty);
            (kind, table) = (KeptKind.Same, null);
        }
        var kept = new KeptVersion(
            state.NodeId,
            state.BatchId,
            state.RunId,
            kind,
            node.Relation.Published,
            table,
            plan.Definition,
            null,
            null,
            node.MovesPositions(on)
        )
        {
            Quarantine = plan.Quarantine,
            Parts = plan.Parts,
            Identity = plan.Identity,
        };
        foreach (
            var sql in KeptStatements.Note(
                on.Dialect,
                kept,
                node.MovesPositions(on),
                on.KnownRows.MayHoldFiles(state.NodeId) ? Touched(node) : TouchedFiles.None,
                (on.KnownRows.MayHold(state.NodeId), on.MayHoldFeed(state.NodeId)),
                context.Now
            )
        )
            yield return sql;
        if (node.Batches is { } batches)
        {
            foreach (
                var sql in MicrobatchTables.Keep(
                    on.Dialect,
                    state.NodeId,
                    state.BatchId,
                    batches.Records,
                    batches.StartsOver
                )
            )
                yield return sql;
        }
    }

    /// <summary>What the node will have been published as.</summary>
    public OwnedRelation Owned(ConnectionRun on, StagedNode node) =>
        new(
            node.Node.Id,
            node.Relation.Published,
            node.IsView ? RelationKind.View : RelationKind.Table,
            Definition(on, node),
            context.Plan.TargetName
        );

    /// <summary>Whether a node starts over with its landed files; of several batches that are published one after the other, the first.</summary>
    public static bool ForgetsFiles(StagedNode node) =>
        node
            is {
                Node: { Action: PlannedAction.Full, Kind: PlannedKind.Model or PlannedKind.Snapshot },
                Batches: null or { StartsOver: true }
            };

    private static TouchedFiles Touched(StagedNode node) =>
        new(
            ForgetsFiles(node),
            [
                .. node.Files.Concat(node.ForgottenFiles).Select(file => file.Path),
                .. node.Rejected.SelectMany(rejected => rejected.Settled),
            ]
        );

    private static string? Definition(ConnectionRun on, StagedNode node) =>
        node.ViewBody is { } body ? ViewWriter.Definition(on.Dialect, node.Relation, body) : null;
}
