using Strata.Compiler.Sql;
using Strata.Runner.Runs;
using static Strata.Runner.State.Tables.StateStatements;

namespace Strata.Runner.State.Tables;

/// <summary>
/// The statements that remember runs. A run is noted before it publishes anything, and its outcome at its end: one
/// that is still said to be running when the next begins has died.
/// </summary>
internal static class RunRecords
{
    public static IEnumerable<string> Begin(
        SqlDialect dialect,
        string runId,
        string target,
        string command,
        DateTimeOffset startedAt
    )
    {
        var runs = dialect.Quote(HistoryTables.Runs);
        yield return $"update {runs} set outcome = '{RunOutcome.Died}' where outcome = '{RunOutcome.Running}'";
        yield return $"insert into {runs} select {dialect.QuoteString(runId)}, coalesce(max(seq), 0) + 1, "
            + $"{dialect.QuoteString(target)}, {dialect.QuoteString(command)}, {Literal(dialect, startedAt)}, "
            + $"{Nothing(dialect)}, '{RunOutcome.Running}', null, cast(null as {dialect.TypeName(SqlType.BigInt)}) from {runs}";
    }

    /// <summary>Of a rollback: where it led.</summary>
    public static string GoBack(SqlDialect dialect, string runId, string toRun, long toPlace) =>
        $"update {dialect.Quote(HistoryTables.Runs)} set to_run = {dialect.QuoteString(toRun)}, "
        + $"to_seq = {Literal(dialect, toPlace)} where run_id = {dialect.QuoteString(runId)}";

    /// <param name="outcome">One of <see cref="RunOutcome"/>.</param>
    public static string End(SqlDialect dialect, string runId, string outcome, DateTimeOffset endedAt) =>
        $"update {dialect.Quote(HistoryTables.Runs)} set outcome = {dialect.QuoteString(outcome)}, "
        + $"ended_at = {Literal(dialect, endedAt)} where run_id = {dialect.QuoteString(runId)}";

    private static string Nothing(SqlDialect dialect) =>
        $"cast(null as {dialect.TypeName(SqlType.TimestampTz)})";
}
