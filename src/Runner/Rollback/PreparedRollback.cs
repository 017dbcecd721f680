using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Planning;
using Strata.Runner.Runs;
using Strata.Runner.State.Tables;
using Strata.Runner.Statements;

namespace Strata.Runner.Rollback;

/// <summary>One connection as it was, in a transaction that is not committed yet; disposed of without that, nothing has happened.</summary>
internal sealed class PreparedRollback : IAsyncDisposable
{
    private readonly ISession _session;
    private readonly ISessionTransaction _transaction;
    private readonly Failpoints _failpoints;
    private bool _isDisposed;

    private PreparedRollback(
        string connection,
        ISession session,
        ISessionTransaction transaction,
        Failpoints failpoints
    )
    {
        (Connection, _session, _transaction, _failpoints) = (connection, session, transaction, failpoints);
    }

    public string Connection { get; }

    /// <exception cref="EngineException">The lock is lost, or the engine refuses.</exception>
    public static async Task<PreparedRollback> BeginAsync(
        RunRequest run,
        IStateLock? held,
        RollbackPlan plan,
        ConnectionRollback connection,
        ProjectHistory history,
        ImmutableArray<EpochMove> moves,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var adapter = run.Adapters[connection.Connection];
        var snapshot = history.Snapshots[connection.Connection];
        var session = await adapter.OpenSessionAsync(cancellationToken);
        ISessionTransaction? transaction = null;
        try
        {
            // the stage of a run that died may read what is to go
            await StageCleaner.DropLeftOversAsync(session, adapter.Dialect, snapshot, cancellationToken);
            transaction = await FencedTransaction.BeginAsync(session, held, cancellationToken);
            await StateMigrator.CatchUpAsync(session, adapter.Dialect, cancellationToken);
            await WriteAsync(
                session,
                run,
                adapter,
                plan,
                connection,
                history,
                moves,
                runId,
                cancellationToken
            );
            return new PreparedRollback(connection.Connection, session, transaction, run.Failpoints);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await session.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="EngineException">The engine refuses.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        _failpoints.Hit(FailpointName.RollbackBeforeCommit);
        await _transaction.CommitAsync(cancellationToken);
        _failpoints.Hit(FailpointName.RollbackAfterCommit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _transaction.DisposeAsync();
        await _session.DisposeAsync();
    }

    private static async Task WriteAsync(
        ISession session,
        RunRequest run,
        IAdapter adapter,
        RollbackPlan plan,
        ConnectionRollback connection,
        ProjectHistory history,
        ImmutableArray<EpochMove> moves,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var dialect = adapter.Dialect;
        var snapshot = history.Snapshots[connection.Connection];
        var places = history
            .Connections.Single(one => one.Connection == connection.Connection)
            .Runs.ToDictionary(one => one.RunId, one => one.Seq);
        long PlaceOf(string id) => places.GetValueOrDefault(id, long.MinValue);
        var relations = RelationRollback.Of(connection.Nodes, dialect.RelationNames, PlaceOf);
        var restorer = new ContentRestorer(session, dialect, adapter.Capabilities, run.Failpoints);
        await restorer.RestoreAsync(
            relations,
            RelationRollback.InOrder(connection.Nodes, PlaceOf),
            [.. snapshot.Owned.Values],
            snapshot.Holders,
            new NodeReads(snapshot.Nodes, connection.Nodes),
            cancellationToken
        );
        var now = run.Clock.GetUtcNow();
        var undo = new StateUndo(dialect, connection.Nodes, relations, snapshot);
        foreach (var node in connection.Nodes)
        {
            using var scope = StatementScope.Enter(node.Node);
            foreach (var sql in undo.Write(node, moves, runId, run.Manifest, now))
                await session.ExecuteAsync(sql, cancellationToken);
        }
        foreach (var sql in undo.GiveBack())
            await session.ExecuteAsync(sql, cancellationToken);
        foreach (var move in moves)
            await session.ExecuteAsync(StateUndo.Follow(dialect, move), cancellationToken);
        foreach (var sql in Records(dialect, run, plan, connection, runId, now))
            await session.ExecuteAsync(sql, cancellationToken);
    }

    private static IEnumerable<string> Records(
        SqlDialect dialect,
        RunRequest run,
        RollbackPlan plan,
        ConnectionRollback connection,
        string runId,
        DateTimeOffset now
    ) =>
        [
            .. RunRecords.Begin(dialect, runId, run.Manifest.TargetName, LedgerEvent.Rollback, run.StartedAt),
            RunRecords.GoBack(dialect, runId, plan.To.RunId, connection.ToPlace),
            RunRecords.End(dialect, runId, RunOutcome.Succeeded, now),
        ];
}
