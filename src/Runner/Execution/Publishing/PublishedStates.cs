using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Publishing;

/// <summary>What the state says of nodes once they are published, and the statements that say it.</summary>
internal sealed class PublishedStates(RunContext context)
{
    /// <summary>The versions of what nodes read, as the publish leaves them.</summary>
    public NodeVersions Versions() => new(context.Manifest, context.Versions.StateOf, Landed);

    public NodeState Next(StagedNode node, PublishScript script, RowCounts counts, NodeVersions versions)
    {
        var before = context.StateOf(node.Node.Id);
        // an engine that counts changes knows when rows are what they were; others must be taken to have changed
        var isUnchanged = script.CountsChanges && counts is { Inserted: 0, Updated: 0, Deleted: 0 };
        return new NodeState
        {
            NodeId = node.Node.Id,
            RunId = context.Plan.RunId,
            BatchId = context.NextBatchOf(node.Node.Id),
            // until all batches of a run are published, the definition counts as not built, and the inputs as not read; a
            // replay builds and reads nothing of them, and a range of event times leaves out the rows that have none
            Fingerprint = node.Settles ? node.Fingerprint : before?.Fingerprint ?? node.Fingerprint,
            Version = isUnchanged && before is not null ? before.Version : context.Plan.RunId,
            Inputs =
                node.Settles && !IsOfARange(node)
                    ? versions.Of(node.Node.Inputs)
                    : before?.Inputs ?? ImmutableSortedDictionary<string, string>.Empty,
            Relation = node.Relation.Published,
            Materialized = context.Manifest.Find<ModelNode>(node.Node.Id)?.Config.Materialized,
            Key = KeyOf(node),
            Rows = counts.Out,
            Duration = node.Duration,
        };
    }

    /// <summary>What names one row each: the key of a whole table, and of one that only batches with this key have changed since.</summary>
    private static ImmutableArray<string> KeyOf(StagedNode node)
    {
        // what a batch of periods is keyed by it is within each of them
        if (node.Relation is not { IsKeyUnique: true, Key: var key } relation || node.Batches is not null)
            return [];
        return node.Batch switch
        {
            null => key,
            { Strategy: IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert } batch
                when batch.Config.IncrementalPredicates.IsEmpty && relation.PublishedKey.IsKept(key) => key,
            _ => [],
        };
    }

    public IEnumerable<string> Write(
        ConnectionRun on,
        IReadOnlyList<StagedNode> nodes,
        List<NodeState> states,
        IReadOnlyDictionary<string, RowCounts> rows,
        NodeVersions versions
    )
    {
        foreach (var state in states)
        {
            if (state.Relation is not { } relation || context.StateOf(state.NodeId)?.Relation == relation)
                continue;
            if (on.KnownRows.MayBeOfAnother(state.NodeId, relation))
                yield return StateStatements.TakeRelation(on.Dialect, state.NodeId, state.RunId, relation);
            var before = context.States.Engines[on.Name];
            if (before.NoteOfLeft(relation) is var note && on.KnownRows.MayHoldFiles(note))
                yield return StateStatements.ForgetFiles(on.Dialect, note);
            if (
                before.FindLeft(state.NodeId, relation) is { } left
                && !on.KnownRows.MayBeOfAnother(state.NodeId, left)
            )
            {
                on.KnownRows.AddFiles(before.NoteOfLeft(left));
                foreach (
                    var sql in StateStatements.LeaveFiles(on.Dialect, state.NodeId, before.NoteOfLeft(left))
                )
                    yield return sql;
            }
        }
        var tests = nodes.SelectMany(node => TestStates.Passed(context, node.Tests, versions));
        foreach (var sql in StateStatements.SetNodes(on.Dialect, [.. states, .. tests], on.KnownRows))
            yield return sql;
        foreach (var node in nodes)
        {
            foreach (var sql in TestRecorder.Statements(context, on, node.Node.Id, node.Tests))
                yield return sql;
            foreach (var sql in TestRecorder.Baselines(context, on, node.Tests))
                yield return sql;
        }
        foreach (var (node, state) in nodes.Zip(states))
        {
            if (context.Request.KeepsHistory)
            {
                yield return StateStatements.AppendLedger(
                    on.Dialect,
                    state with
                    {
                        Duration = node.BatchDuration ?? state.Duration,
                    },
                    node.Node.Action,
                    rows[node.Node.Id],
                    context.Now,
                    node.Batches?.Records.Length
                );
            }
            if (node.Batches is { } batches)
            {
                foreach (
                    var sql in MicrobatchTables.Set(
                        on.Dialect,
                        node.Node.Id,
                        batches.Records,
                        batches.StartsOver
                    )
                )
                    yield return sql;
                if (
                    batches.Settles
                    && context.Manifest.Find<ModelNode>(node.Node.Id)?.Config.Microbatch is { } microbatch
                )
                    yield return MicrobatchTables.ForgetBefore(
                        on.Dialect,
                        node.Node.Id,
                        Calendar.Floor(microbatch.Size, microbatch.Begin)
                    );
            }
            if (node.MovesPositions(on))
            {
                foreach (var sql in StateStatements.SetConsumed(on.Dialect, node.Node.Id, node.Consumed))
                    yield return sql;
            }
            var hasFiles = !node.Files.IsEmpty || !node.Rejected.IsEmpty;
            var replace =
                VersionKeeper.ForgetsFiles(node) && (hasFiles || on.KnownRows.MayHoldFiles(node.Node.Id));
            if (hasFiles)
                on.KnownRows.AddFiles(node.Node.Id);
            var sources = context.Manifest.Nodes.GetValueOrDefault(node.Node.Id)?.DependsOn ?? [];
            foreach (
                var sql in StateStatements.RecordFiles(
                    on.Dialect,
                    node.Node.Id,
                    sources,
                    node.Files,
                    node.ForgottenFiles,
                    replace
                )
            )
                yield return sql;
            foreach (var sql in LandedColumns.Set(on.Dialect, node.LandedColumns))
                yield return sql;
            // a whole table has the types of its query
            var cast = LandedColumns.OfBatch(node.Node.Id, node.Batch?.Cast ?? []);
            if (!cast.HasTypesOf(on.CastColumnsOf(node.Node.Id)))
            {
                foreach (var sql in LandedColumns.Set(on.Dialect, [cast]))
                    yield return sql;
            }
            if (!replace && node.Rejected.IsEmpty)
                continue;
            var rejected = RejectedTable.Write(
                on.Dialect,
                node.Node.Id,
                sources,
                state.RunId,
                state.BatchId,
                context.Now,
                node.Rejected,
                replace
            );
            foreach (var sql in rejected)
                yield return sql;
        }
    }

    private bool IsOfARange(StagedNode node) =>
        node.Batches is not null && context.Request.EventTime is not null;

    private string? Landed(string source) => context.States.Landed.GetValueOrDefault(source)?.Version;
}
