using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.Feeds;
using Strata.Runner.History;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Rollback;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Orphans;

/// <summary>Finds what the project has left behind, and drops it: on each connection all of it or nothing.</summary>
public static class OrphanCleaner
{
    /// <returns>Null when a connection could not be read; the diagnostics then say why.</returns>
    public static async Task<ImmutableArray<Orphan>?> FindAsync(
        RunRequest request,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var history = await ProjectHistory.ReadAsync(request, diagnostics, cancellationToken);
        if (history is null)
            return null;
        var finder = new OrphanFinder(request.Manifest);
        var orphans = ImmutableArray.CreateBuilder<Orphan>();
        foreach (var connection in history.Connections)
        {
            orphans.AddRange(
                await FindAsync(
                    request.Adapters[connection.Connection],
                    history.Snapshots[connection.Connection],
                    finder,
                    cancellationToken
                )
            );
        }
        return orphans.ToImmutable();
    }

    /// <summary>Drops orphans that were found, as far as they are orphans still.</summary>
    /// <returns>What was dropped.</returns>
    public static async Task<ImmutableArray<Orphan>> DropAsync(
        RunRequest request,
        ImmutableArray<Orphan> orphans,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var runId = RunId.Create(request.StartedAt);
        await using var locks = await RunLocks.TryTakeAsync(
            request,
            orphans.Select(orphan => orphan.Connection).Distinct(),
            runId,
            canWait: false,
            diagnostics,
            cancellationToken
        );
        var history = locks is null
            ? null
            : await ProjectHistory.ReadAsync(request, diagnostics, cancellationToken);
        if (history is null)
            return [];
        var finder = new OrphanFinder(request.Manifest);
        var dropped = ImmutableArray.CreateBuilder<Orphan>();
        // readers go before what they read
        foreach (var connection in history.Connections.Reverse())
        {
            var snapshot = history.Snapshots[connection.Connection];
            var adapter = request.Adapters[connection.Connection];
            try
            {
                var found = await FindAsync(adapter, snapshot, finder, cancellationToken);
                ImmutableArray<Orphan> due = [.. found.Where(orphan => orphans.Any(orphan.Is))];
                if (due.IsEmpty)
                    continue;
                var held = locks?.Of(connection.Connection);
                await DropAsync(request, adapter, held, connection, snapshot, due, runId, cancellationToken);
                dropped.AddRange(due);
            }
            catch (EngineException e)
            {
                diagnostics.Add(
                    RollbackDiagnostics.OrphansHeld(
                        connection.Connection,
                        e.Error.Message,
                        e.Error.Kind == EngineErrorKind.Dependents
                    )
                );
            }
        }
        return dropped.ToImmutable();
    }

    private static async Task<ImmutableArray<Orphan>> FindAsync(
        IAdapter adapter,
        EngineSnapshot snapshot,
        OrphanFinder finder,
        CancellationToken cancellationToken
    )
    {
        if (snapshot.Owned.IsEmpty)
            return [];
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var relations = await session.ListRelationsAsync(
            [
                .. snapshot
                    .Owned.Values.Select(owned => owned.Relation.Schema)
                    .Append(CdcState.Schema)
                    .Distinct(),
            ],
            cancellationToken
        );
        var orphans = finder.Find(
            snapshot,
            relations.ToDictionary(relation => relation.Name, adapter.Dialect.RelationNames),
            adapter.Dialect
        );
        foreach (var (place, orphan) in orphans.Index())
        {
            if (!orphan.HasRowsToCount)
                continue;
            var counted = await session.QueryAsync(
                $"select count(*) from {adapter.Dialect.Quote(orphan.Relation)}",
                1,
                cancellationToken
            );
            var rows = counted.ScalarLong;
            orphans = orphans.SetItem(place, orphan with { Rows = rows });
        }
        return orphans;
    }

    private static async Task DropAsync(
        RunRequest request,
        IAdapter adapter,
        IStateLock? held,
        ConnectionHistory history,
        EngineSnapshot snapshot,
        ImmutableArray<Orphan> orphans,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var dialect = adapter.Dialect;
        var finder = new OrphanFinder(request.Manifest);
        var reads = new NodeReads(snapshot.Nodes, []);
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        await using var transaction = await FencedTransaction.BeginAsync(session, held, cancellationToken);
        await StateMigrator.CatchUpAsync(session, dialect, cancellationToken);
        var ordered = orphans
            .OrderBy(orphan => orphan.Kind == RelationKind.View ? 0 : 1)
            .ThenByDescending(orphan => reads.DepthOf(orphan.Node));
        foreach (var orphan in ordered.DistinctBy(orphan => orphan.Relation, dialect.RelationNames))
        {
            var relation = new RelationInfo(orphan.Relation, orphan.Kind, []);
            await session.ExecuteAsync(Ddl.Drop(dialect, relation), cancellationToken);
        }
        var now = request.Clock.GetUtcNow();
        var begin = RunRecords.Begin(dialect, runId, request.Manifest.TargetName, "clean", request.StartedAt);
        foreach (var sql in begin)
            await session.ExecuteAsync(sql, cancellationToken);
        foreach (var orphan in orphans.Where(orphan => !orphan.IsPart))
        {
            // none of the nodes that were this relation, one after the other, has anything left of it
            foreach (var owned in finder.OwnersOf(snapshot, orphan, dialect))
            {
                var isGone = !finder.Has(owned.Node);
                foreach (var sql in Forget(dialect, history, snapshot, owned, isGone, runId, now))
                    await session.ExecuteAsync(sql, cancellationToken);
            }
        }
        await session.ExecuteAsync(
            RunRecords.End(dialect, runId, RunOutcome.Succeeded, now),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Its feed, its old versions, and where it stood: nothing must think that it is there.</summary>
    /// <param name="isGone">The node itself is gone, not only the relation that it was.</param>
    private static IEnumerable<string> Forget(
        SqlDialect dialect,
        ConnectionHistory history,
        EngineSnapshot snapshot,
        OwnedRelation orphan,
        bool isGone,
        string runId,
        DateTimeOffset now
    )
    {
        var node = dialect.QuoteString(orphan.Node);
        yield return OwnedReader.Forget(dialect, orphan.Node, orphan.Relation);
        yield return StateStatements.ForgetFiles(dialect, snapshot.NoteOfLeft(orphan.Relation));
        yield return $"drop table if exists {dialect.Quote(FeedTables.Of(orphan.Relation, dialect))}";
        var versions = history.Kept.Where(version => version.Node == orphan.Node).ToList();
        // the node began anew under another name: what leads back behind that leads to what goes now
        var moved = versions
            .Where(version => version is { Kind: KeptKind.Absent, Before: not null })
            .Select(version => version.BatchId)
            .DefaultIfEmpty(-1)
            .Max();
        var kept = versions.Where(version =>
            isGone
            || dialect.RelationNames.Equals(version.Relation, orphan.Relation)
            || version.BatchId <= moved
        );
        foreach (var sql in KeptStatements.Forget(dialect, kept))
            yield return sql;
        if (!isGone)
            yield break;
        if (history.Nodes.TryGetValue(orphan.Node, out var state))
        {
            yield return StateStatements.AppendLedger(
                dialect,
                state with
                {
                    RunId = runId,
                    BatchId = 0,
                    Duration = TimeSpan.Zero,
                },
                LedgerEvent.Drop,
                new RowCounts(),
                now
            );
        }
        yield return StateStatements.ForgetNodes(dialect, [orphan.Node]);
        yield return $"delete from {dialect.Quote(StateTables.Feeds)} where node = {node}";
        yield return $"delete from {dialect.Quote(StateTables.Files)} where consumer = {node}";
        yield return $"delete from {dialect.Quote(RejectedTable.Name)} where consumer = {node}";
        yield return $"delete from {dialect.Quote(StateTables.Consumed)} where consumer = {node}";
        yield return $"delete from {dialect.Quote(MicrobatchTables.Batches)} where node = {node}";
    }
}
