using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;

namespace Strata.Runner.State;

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
        return Convert.ToInt64(rows.Scalar ?? 0L, CultureInfo.InvariantCulture);
    }

    public static async Task MigrateAsync(
        ISession session,
        SqlDialect dialect,
        long from,
        Failpoints failpoints,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await session.BeginAsync(cancellationToken);
        foreach (var sql in StateTables.Migrations(dialect).Skip((int)from).SelectMany(steps => steps))
            await session.ExecuteAsync(sql, cancellationToken);
        failpoints.Hit(FailpointName.StateBeforeCommit);
        await transaction.CommitAsync(cancellationToken);
        failpoints.Hit(FailpointName.StateAfterCommit);
    }
}
