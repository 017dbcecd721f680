using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Rollback;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.Runs;

/// <summary>Reads the history of a connection.</summary>
internal static class HistoryReader
{
    /// <param name="snapshot">The connection's state; its version says whether there is any history.</param>
    public static async Task<ConnectionHistory> ReadAsync(
        ISession session,
        SqlDialect dialect,
        EngineSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        if (snapshot.StateVersion == 0)
            return ConnectionHistory.Empty(snapshot.Connection);
        var events = await ReadEventsAsync(session, dialect, snapshot.StateVersion, cancellationToken);
        if (snapshot.StateVersion < StateTables.HistoryVersion)
            return new(snapshot.Connection, Unnoted(events, []), events, [], [], snapshot.Nodes, []);
        var runs = await ReadRunsAsync(session, dialect, cancellationToken);
        var kept = await KeptStatements.ReadAsync(session, dialect, snapshot.StateVersion, cancellationToken);
        runs = [.. Unnoted(events, [.. runs.Select(run => run.RunId)]), .. runs];
        return new ConnectionHistory(
            snapshot.Connection,
            runs,
            events,
            snapshot.StateVersion >= FailureTable.Version
                ? await FailureTable.ReadAsync(session, dialect, cancellationToken)
                : [],
            FormerHomes.Complete([.. kept.Select(one => one.Version)], runs, dialect.RelationNames),
            snapshot.Nodes,
            await ReadMovesAsync(session, dialect, cancellationToken)
        )
        {
            Owned = [.. snapshot.Owned.Values],
        };
    }

    /// <summary>Runs of which only the ledger knows, by the time of their first publish.</summary>
    private static ImmutableArray<RunRecord> Unnoted(
        ImmutableArray<LedgerEvent> events,
        HashSet<string> noted
    )
    {
        var runs = events
            .Where(one => !noted.Contains(one.RunId))
            .GroupBy(one => one.RunId)
            .OrderBy(run => run.Min(one => one.At))
            .ToList();
        return
        [
            .. runs.Select(
                (run, place) =>
                    new RunRecord(
                        run.Key,
                        place - runs.Count,
                        "",
                        "",
                        run.Min(one => one.At),
                        run.Max(one => one.At),
                        "",
                        null,
                        null
                    )
            ),
        ];
    }

    private static async Task<ImmutableArray<RunRecord>> ReadRunsAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select run_id, seq, target, command, started_at, ended_at, outcome, to_run, to_seq
            from {dialect.Quote(HistoryTables.Runs)} order by seq
            """,
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows.Rows.Select(row => new RunRecord(
                Text(row[0]),
                Number(row[1]),
                Text(row[2]),
                Text(row[3]),
                Time(row[4]),
                row[5] is null ? null : Time(row[5]),
                Text(row[6]),
                row[7] as string,
                NumberOrNull(row[8])
            )),
        ];
    }

    private static async Task<ImmutableArray<EpochMove>> ReadMovesAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var sql = $"select node, before_epoch, epoch, batch_id from {dialect.Quote(HistoryTables.Epochs)}";
        var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
        return
        [
            .. rows.Rows.Select(row => new EpochMove(
                Text(row[0]),
                Text(row[1]),
                Text(row[2]),
                Number(row[3])
            )),
        ];
    }

    private static async Task<ImmutableArray<LedgerEvent>> ReadEventsAsync(
        ISession session,
        SqlDialect dialect,
        long stateVersion,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select node, run_id, batch_id, action, rows_out, rows_inserted, rows_updated, rows_deleted,
              duration_us, published_at, {(
                stateVersion >= StateTables.LedgerBatchesVersion ? "batches" : "null"
            )}
            from {dialect.Quote(StateTables.Ledger)}
            """,
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows.Rows.Select(row => new LedgerEvent(
                Text(row[0]),
                Text(row[1]),
                Number(row[2]),
                Text(row[3]),
                NumberOrNull(row[4]),
                NumberOrNull(row[5]),
                NumberOrNull(row[6]),
                NumberOrNull(row[7]),
                TimeSpan.FromMicroseconds(Number(row[8])),
                Time(row[9]),
                NumberOrNull(row[10])
            )),
        ];
    }
}
