using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.Results;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>The statements that bring a node's state back together with its rows.</summary>
internal static class StateUndo
{
    /// <summary>
    /// What becomes of a producer's feed; null where it has none, or has to start over.
    /// </summary>
    public static EpochMove? MoveOf(
        SqlDialect dialect,
        NodeRollback node,
        EngineSnapshot snapshot,
        string runId
    ) =>
        snapshot.Feeds.ContainsKey(node.Node)
        && node is { After: { } after, Steps: [.., { EpochBefore: { } before }] }
        && KeepsFeed(dialect, node, snapshot)
            ? new EpochMove(node.Node, before, runId, after.BatchId)
            : null;

    public static IEnumerable<string> Write(
        SqlDialect dialect,
        NodeRollback node,
        EngineSnapshot snapshot,
        ImmutableArray<EpochMove> moves,
        string runId,
        ProjectManifest manifest,
        DateTimeOffset now
    )
    {
        var id = dialect.QuoteString(node.Node);
        if (node.After is { } after)
        {
            var stood = after with { Relation = HomeOf(node, after, snapshot) };
            foreach (var sql in StateStatements.SetNodes(dialect, [stood]))
                yield return sql;
        }
        else
        {
            yield return StateStatements.ForgetNodes(dialect, [node.Node]);
        }
        foreach (var sql in Positions(dialect, node, id))
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
        foreach (var step in node.Steps)
        {
            foreach (var sql in MicrobatchTables.GoBack(dialect, node.Node, step.RunId, step.BatchId))
                yield return sql;
        }
        if (snapshot.Feeds.GetValueOrDefault(node.Node) is { } feed)
        {
            foreach (var sql in Feed(dialect, node, feed, snapshot, moves, runId))
                yield return sql;
        }
        foreach (var relation in RelationRollback.Of(node).Where(relation => relation.From is not null))
        {
            if (relation.IsDropped)
                yield return OwnedReader.Forget(dialect, node.Node, relation.Relation);
            else
            {
                var owned = new OwnedRelation(
                    node.Node,
                    relation.Relation,
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
        yield return Ledger(dialect, node, runId, now);
        foreach (var sql in KeptStatements.Forget(dialect, node.Steps))
            yield return sql;
    }

    /// <summary>
    /// What the node was published as. Behind a renaming that is not the relation which the version tells of, and which goes, but the
    /// one that is left of the node's.
    /// </summary>
    private static RelationName? HomeOf(NodeRollback node, NodeState after, EngineSnapshot snapshot)
    {
        if (node.Steps[^1].Kind != KeptKind.Absent)
            return after.Relation;
        var dropped = RelationRollback
            .Of(node)
            .Where(relation => relation.IsDropped)
            .Select(relation => relation.Relation)
            .ToHashSet();
        var left = snapshot
            .Owned.Values.Where(owned => owned.Node == node.Node && !dropped.Contains(owned.Relation))
            .ToList();
        return left is [var home] ? home.Relation : after.Relation;
    }

    /// <summary>Consumers that had read no further than what is left go on from there, under the new epoch.</summary>
    public static string Follow(SqlDialect dialect, EpochMove move) =>
        $"update {dialect.Quote(StateTables.Consumed)} set epoch = {dialect.QuoteString(move.After)} "
        + $"where upstream = {dialect.QuoteString(move.Producer)} "
        + $"and epoch = {dialect.QuoteString(move.Before)} "
        + $"and batch_id <= {move.BatchId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>True for what is known of a path whose former record was kept.</summary>
    private static string IsKept(SqlDialect dialect, KeptVersion step, RelationName kept) =>
        $"(source, path) in (select source, path from {dialect.Quote(kept)} where {KeptStatements.Is(dialect, step)})";

    /// <summary>
    /// The columns of the feed stay those of its rows: a table that comes back as a whole may have others, and what the feed has got
    /// since must not decide about a column of that name that comes later.
    /// </summary>
    private static bool KeepsFeed(SqlDialect dialect, NodeRollback node, EngineSnapshot snapshot)
    {
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

    private static IEnumerable<string> Positions(SqlDialect dialect, NodeRollback node, string id)
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

    private static IEnumerable<string> Feed(
        SqlDialect dialect,
        NodeRollback node,
        FeedState feed,
        EngineSnapshot snapshot,
        ImmutableArray<EpochMove> moves,
        string runId
    )
    {
        var table = FeedTables.Of(node.Steps[0].Relation, dialect);
        if (MoveOf(dialect, node, snapshot, runId) is not { } move)
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

    private static string Ledger(SqlDialect dialect, NodeRollback node, string runId, DateTimeOffset now)
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
