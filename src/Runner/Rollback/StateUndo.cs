using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.Results;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;
using Strata.Runner.State.Tests;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>The statements that bring the state of a connection's nodes back together with their rows.</summary>
/// <param name="nodes">All that goes back there.</param>
/// <param name="relations">How their relations go back.</param>
internal sealed class StateUndo(
    SqlDialect dialect,
    ImmutableArray<NodeRollback> nodes,
    ImmutableArray<RelationRollback> relations,
    EngineSnapshot snapshot
)
{
    private readonly HashSet<string> _back = [.. nodes.Select(node => node.Node)];
    private readonly HashSet<RelationName> _givenBack = RelationRollback.GivenBack(nodes, dialect);

    /// <summary>
    /// What becomes of a producer's feed; null where it has none, or has to start over.
    /// </summary>
    public EpochMove? MoveOf(NodeRollback node, string runId) =>
        snapshot.Feeds.ContainsKey(node.Node)
        && node is { After: { } after, Steps: [.., { EpochBefore: { } before }] }
        && KeepsFeed(node)
            ? new EpochMove(node.Node, before, runId, after.BatchId)
            : null;

    public IEnumerable<string> Write(
        NodeRollback node,
        ImmutableArray<EpochMove> moves,
        string runId,
        ProjectManifest manifest,
        DateTimeOffset now
    )
    {
        var id = dialect.QuoteString(node.Node);
        if (node.After is { } after)
        {
            var stood = after with { Relation = HomeOf(node, after) };
            foreach (var sql in StateStatements.SetNodes(dialect, [stood], known: null))
                yield return sql;
            // what the node had taken in by then is known as its own again
            if (stood.Relation is { Schema.Length: > 0 } home)
                yield return StateStatements.ForgetFiles(dialect, snapshot.NoteOfLeft(home));
        }
        else
        {
            yield return StateStatements.ForgetNodes(dialect, [node.Node]);
        }
        foreach (var sql in Positions(node, id))
            yield return sql;
        foreach (var step in node.Steps)
        {
            var batch = step.BatchId.ToString(CultureInfo.InvariantCulture);
            foreach (var table in new[] { StateTables.Files, RejectedTable.Name })
            {
                // a file that was only touched keeps the number of the batch that took its rows in
                yield return $"delete from {dialect.Quote(table)} where consumer = {id} and (batch_id >= {batch} "
                    + $"or {IsKept(dialect, step, HistoryTables.KeptFiles)} or {IsKept(dialect, step, HistoryTables.KeptRejected)})";
            }
            yield return $"insert into {dialect.Quote(StateTables.Files)} "
                + "select source, node, path, size, modified_at, hash, file_batch "
                + $"from {dialect.Quote(HistoryTables.KeptFiles)} where {KeptStatements.Is(dialect, step)}";
            yield return $"insert into {dialect.Quote(RejectedTable.Name)} "
                + "select source, node, path, line, reason, raw, run_id, rejected_batch, rejected_at "
                + $"from {dialect.Quote(HistoryTables.KeptRejected)} where {KeptStatements.Is(dialect, step)}";
        }
        if (node.After is null || node.Steps.Any(ChangedColumns))
            yield return LandedColumns.Forget(dialect, node.Node);
        foreach (var step in node.Steps)
        {
            foreach (var sql in MicrobatchTables.GoBack(dialect, node.Node, step.RunId, step.BatchId))
                yield return sql;
        }
        if (snapshot.Feeds.GetValueOrDefault(node.Node) is { } feed)
        {
            foreach (var sql in Feed(node, feed, moves, runId))
                yield return sql;
        }
        foreach (var name in node.Steps.Select(step => step.Relation).Distinct())
        {
            var relation = relations.Single(one => dialect.RelationNames.Equals(one.Relation, name));
            // what a node that was not there yet has taken was another's
            if (relation.IsDropped || node.After is null)
                yield return OwnedReader.Forget(dialect, node.Node, name);
            else if (relation.From is not null)
            {
                var owned = new OwnedRelation(
                    node.Node,
                    name,
                    relation.Definition is null ? Adapters.RelationKind.Table : Adapters.RelationKind.View,
                    relation.Definition,
                    manifest.TargetName
                );
                foreach (var sql in OwnedReader.Set(dialect, owned))
                    yield return sql;
            }
        }
        var tests = manifest
            .Nodes.Values.OfType<TestNode>()
            .Where(test => test.AttachedNode == node.Node)
            .Select(test => test.UniqueId)
            .ToList();
        foreach (
            var sql in TestBaselines.GoBack(dialect, tests, node.Steps.Select(step => step.RunId).Distinct())
        )
            yield return sql;
        yield return Ledger(node, runId, now);
        foreach (var sql in KeptStatements.Forget(dialect, node.Steps))
            yield return sql;
    }

    /// <summary>
    /// Nodes whose relation an undone publish has taken are that relation again; where their feeds were, another node's may have been since.
    /// Runs when all nodes are where they will stand.
    /// </summary>
    public IEnumerable<string> GiveBack()
    {
        var states = snapshot.Nodes.Values.Concat(nodes.Select(node => node.After).OfType<NodeState>());
        var taken = states
            .Select(state => state.Relation)
            .OfType<RelationName>()
            .Where(relation => relation.Schema.Length == 0)
            .ToHashSet();
        foreach (var step in nodes.SelectMany(node => node.Steps))
        {
            var mark = StateStatements.Taken(step.RunId, step.Relation);
            if (!taken.Remove(mark))
                continue;
            yield return StateStatements.GiveBackRelation(dialect, step.RunId, step.Relation);
            foreach (var state in snapshot.Nodes.Values.Where(state => state.Relation == mark))
                yield return StateStatements.ForgetFeed(dialect, state.NodeId);
        }
    }

    /// <summary>What the node was published as; no relation where that is another node's, which does not go back.</summary>
    private RelationName? HomeOf(NodeRollback node, NodeState after)
    {
        var home = NotedHomeOf(node, after);
        return
            home is { } relation
            && snapshot.Holders.GetValueOrDefault(relation) is { } holder
            && !_back.Contains(holder)
            ? new RelationName("", "")
            : home;
    }

    private RelationName? NotedHomeOf(NodeRollback node, NodeState after)
    {
        // one that was renamed by hand goes on under its new name
        var isGone =
            node.Steps[^1].Kind != KeptKind.Absent
            && after.Relation is { Schema.Length: > 0 } noted
            && snapshot.Find(noted) is null
            && !relations.Any(relation => dialect.RelationNames.Equals(relation.Relation, noted));
        return isGone ? node.Steps[^1].Relation : after.Relation;
    }

    /// <summary>Consumers that had read no further than what is left go on from there, under the new epoch.</summary>
    public static string Follow(SqlDialect dialect, EpochMove move) =>
        $"update {dialect.Quote(StateTables.Consumed)} set epoch = {dialect.QuoteString(move.After)} "
        + $"where upstream = {dialect.QuoteString(move.Producer)} "
        + $"and epoch = {dialect.QuoteString(move.Before)} "
        + $"and batch_id <= {move.BatchId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>
    /// Whether the table comes back with other columns. What was noted of the files that are undone then says nothing of those whose rows
    /// are there again.
    /// </summary>
    private bool ChangedColumns(KeptVersion step) =>
        step is { Kind: KeptKind.Whole, Table: { } kept }
        && snapshot.Find(kept) is { } before
        && snapshot.Find(step.Relation) is { } now
        && !before
            .Columns.Select(column => column.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase)
            .SetEquals(now.Columns.Select(column => column.Name));

    /// <summary>True for what is known of a path whose former record was kept.</summary>
    private static string IsKept(SqlDialect dialect, KeptVersion step, RelationName kept) =>
        $"(source, path) in (select source, path from {dialect.Quote(kept)} where {KeptStatements.Is(dialect, step)})";

    /// <summary>
    /// The columns of the feed stay those of its rows: a table that comes back as a whole may have others, and what the feed has got
    /// since must not decide about a column of that name that comes later.
    /// </summary>
    private bool KeepsFeed(NodeRollback node)
    {
        if (node.Steps.Any(step => _givenBack.Contains(step.Relation)))
            return false;
        var feed = snapshot.Find(FeedTables.Of(node.Steps[0].Relation, dialect));
        return node.Steps.All(step =>
            step.Kind switch
            {
                KeptKind.Same or KeptKind.Changes => true,
                KeptKind.Whole => feed is null
                    || step.Table is { } kept
                        && snapshot.Find(kept) is { } rows
                        && FeedTables.HasColumnsOf(feed.Columns, rows.Columns),
                _ => false,
            }
        );
    }

    private IEnumerable<string> Positions(NodeRollback node, string id)
    {
        var moved = node.Steps.LastOrDefault(step => step.HasPositions);
        if (node.After is null || moved is not null)
            yield return $"delete from {dialect.Quote(StateTables.Consumed)} where consumer = {id}";
        if (node.After is not null && moved is not null)
        {
            yield return $"insert into {dialect.Quote(StateTables.Consumed)} "
                + "select node, upstream, epoch, position "
                + $"from {dialect.Quote(HistoryTables.KeptPositions)} where {KeptStatements.Is(dialect, moved)}";
        }
    }

    private IEnumerable<string> Feed(
        NodeRollback node,
        FeedState feed,
        ImmutableArray<EpochMove> moves,
        string runId
    )
    {
        var table = FeedTables.Of(node.Steps[0].Relation, dialect);
        if (MoveOf(node, runId) is not { } move)
        {
            // its columns may be others now: the next batch starts it over
            yield return $"drop table if exists {dialect.Quote(table)}";
            yield return $"delete from {dialect.Quote(StateTables.Feeds)} "
                + $"where node = {dialect.QuoteString(node.Node)}";
            yield break;
        }
        if (snapshot.Find(table) is not null)
        {
            var last = move.BatchId.ToString(CultureInfo.InvariantCulture);
            yield return $"delete from {dialect.Quote(table)} where {FeedTables.BatchColumn} > {last}";
        }
        // what was kept for an epoch that began later does not lead on from here
        var leadsOn = moves.Any(m =>
            m.Producer == move.Producer && m.Before == feed.Epoch && m.After == move.After
        );
        var first = leadsOn ? Math.Min(feed.FirstBatch, move.BatchId + 1) : move.BatchId + 1;
        foreach (var sql in StateStatements.SetFeed(dialect, node.Node, new FeedState(move.After, first)))
            yield return sql;
        yield return $"delete from {dialect.Quote(HistoryTables.Epochs)} "
            + $"where node = {dialect.QuoteString(node.Node)}";
        yield return StateStatements.Insert(
            dialect,
            HistoryTables.Epochs,
            [StateStatements.Row(dialect, move.Producer, move.After, move.Before, move.BatchId)]
        );
    }

    private string Ledger(NodeRollback node, string runId, DateTimeOffset now)
    {
        var state =
            node.After
            ?? new NodeState
            {
                NodeId = node.Node,
                RunId = runId,
                BatchId = 0,
                Fingerprint = "",
                Version = "",
                Inputs = ImmutableSortedDictionary<string, string>.Empty,
            };
        return StateStatements.AppendLedger(
            dialect,
            state with
            {
                RunId = runId,
                Duration = TimeSpan.Zero,
            },
            LedgerEvent.Rollback,
            new RowCounts { Out = node.After?.Rows },
            now
        );
    }
}
