using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;

namespace Strata.Runner.State.Tables;

/// <summary>Brings the state tables of a connection to today's shape, in one transaction.</summary>
internal static class StateMigrator
{
    /// <returns>The version that is there; 0 when there is none.</returns>
    public static async Task<long> FindVersionAsync(
        IStatements session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var sql = $"select max(version) from {dialect.Quote(StateTables.VersionTable)}";
        var rows = await session.QueryAsync(sql, 1, cancellationToken);
        return rows.ScalarLong;
    }

    /// <exception cref="EngineException">Nothing is changed: the run's lock is lost, or the engine refuses.</exception>
    public static async Task MigrateAsync(ConnectionRun on, long from, CancellationToken cancellationToken)
    {
        await on.InTransactionAsync(
            async session =>
            {
                await MigrateAsync(session, on.Dialect, from, cancellationToken);
                on.Failpoints.Hit(FailpointName.StateBeforeCommit);
            },
            cancellationToken
        );
        on.Failpoints.Hit(FailpointName.StateAfterCommit);
    }

    /// <summary>For what writes to a state that is there without being a run: in the transaction of its caller.</summary>
    public static async Task CatchUpAsync(
        IStatements session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var from = await FindVersionAsync(session, dialect, cancellationToken);
        await MigrateAsync(session, dialect, from, cancellationToken);
    }

    private static async Task MigrateAsync(
        IStatements session,
        SqlDialect dialect,
        long from,
        CancellationToken cancellationToken
    )
    {
        foreach (var sql in StateTables.Migrations(dialect).Skip((int)from).SelectMany(steps => steps))
            await session.ExecuteAsync(sql, cancellationToken);
    }
}
