using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine;

/// <summary>Marks open rows as wanted by nobody. They stay in the table, and in the counts.</summary>
public static class QuarantineDrop
{
    public static string Count(SqlDialect dialect, RelationName table, RowFilter filter) =>
        $"select count(*) from {dialect.Quote(table)} where {Where(dialect, filter)}";

    /// <summary>Drops them under the run lock of the connection.</summary>
    /// <returns>How many; or why not.</returns>
    public static async Task<(long Rows, Diagnostic? Problem)> RunAsync(
        IAdapter adapter,
        RelationName table,
        RowFilter filter,
        string runId,
        DateTimeOffset now,
        Failpoints failpoints,
        CancellationToken cancellationToken
    )
    {
        var dialect = adapter.Dialect;
        await using var held = await adapter.TryLockStateAsync(runId, cancellationToken);
        if (held is null)
        {
            var holder = await adapter.FindLockHolderAsync(cancellationToken);
            return (0, InputDiagnostics.RunLockHeld(adapter.Connection, holder, canWait: true));
        }
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var occasion = new SplitOccasion("", runId, 0, now);
        try
        {
            await using var transaction = await FencedTransaction.BeginAsync(
                session,
                held,
                cancellationToken
            );
            var rows = await session.ExecuteAsync(
                $"update {dialect.Quote(table)} set {QuarantineTable.Status} = '{RowStatus.Dropped}', "
                    + $"{QuarantineWriter.Resolved(dialect, occasion)} where {Where(dialect, filter)}",
                cancellationToken
            );
            failpoints.Hit(FailpointName.DropBeforeCommit);
            await transaction.CommitAsync(cancellationToken);
            failpoints.Hit(FailpointName.DropAfterCommit);
            return (rows, null);
        }
        catch (FailpointException e)
        {
            return (0, BuildDiagnostics.Failpoint(e.Message));
        }
    }

    private static string Where(SqlDialect dialect, RowFilter filter) =>
        $"{QuarantineTable.Status} = '{RowStatus.Open}' and {filter.ToSql(dialect)}";
}
