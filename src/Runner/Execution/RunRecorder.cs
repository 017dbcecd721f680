using System.Collections.Immutable;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Runs;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Execution;

/// <summary>
/// Notes a run on every connection that it writes to, before anything is published and at its end; old versions
/// whose time is over go when it begins.
/// </summary>
internal static class RunRecorder
{
    public static async Task BeginAsync(
        RunContext context,
        ConnectionRun on,
        CancellationToken cancellationToken
    )
    {
        // a dry run changes nothing that anybody could look for
        if (!context.Request.KeepsHistory || context.Request.Replay is { IsDryRun: true })
            return;
        var expired = await ExpiredAsync(context, on, cancellationToken);
        var begin = RunRecords.Begin(
            on.Dialect,
            context.Plan.RunId,
            context.Plan.TargetName,
            context.Request.Replay is null ? Word(context.Request.Command) : "replay",
            context.Request.StartedAt
        );
        await on.InTransactionAsync(
            async session =>
            {
                foreach (var sql in KeptStatements.Forget(on.Dialect, expired).Concat(begin))
                    await session.ExecuteAsync(sql, cancellationToken);
                // also if the commit's answer is lost: whoever ends what has not begun changes nothing
                on.IsRecorded = true;
            },
            cancellationToken
        );
    }

    private static async Task<ImmutableArray<KeptVersion>> ExpiredAsync(
        RunContext context,
        ConnectionRun on,
        CancellationToken cancellationToken
    )
    {
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var all = await KeptStatements.ReadAsync(
            lease.Session,
            on.Dialect,
            StateTables.Version,
            cancellationToken
        );
        var runs = await lease.Session.QueryAsync(
            $"select run_id from {on.Dialect.Quote(HistoryTables.Runs)} order by seq desc",
            int.MaxValue,
            cancellationToken
        );
        return RetentionTrim.Expired(
            // what other projects keep in the same database is theirs
            [.. all.Where(kept => context.Manifest.Owns(kept.Version.Node))],
            [.. runs.Rows.Select(row => StateValues.Text(row[0]))],
            context.Manifest.RetentionOf,
            context.Now
        );
    }

    public static async Task EndAsync(
        RunContext context,
        ConnectionRun on,
        ImmutableArray<NodeResult> results,
        bool wasCancelled,
        CancellationToken cancellationToken
    )
    {
        if (!on.IsRecorded)
            return;
        // also what went wrong outside any node: a hook, a publish group
        var isGood =
            !context.Problems.HasErrors
            && results.All(node => node.Outcome is Outcome.Succeeded or Outcome.Fresh or Outcome.Warned);
        var outcome =
            wasCancelled ? RunOutcome.Cancelled
            : isGood ? RunOutcome.Succeeded
            : RunOutcome.Failed;
        var runId = context.Plan.RunId;
        var failures = results
            .Where(node => node.Node.Connection == on.Name)
            .Select(node => RunFailure.Of(runId, node))
            .OfType<RunFailure>();
        await on.InTransactionAsync(
            async session =>
            {
                foreach (
                    var sql in FailureTable
                        .Append(on.Dialect, runId, failures)
                        .Append(RunRecords.End(on.Dialect, runId, outcome, context.Now))
                )
                    await session.ExecuteAsync(sql, cancellationToken);
            },
            cancellationToken,
            // also by a run that has lost its lock: it says only what it did itself
            isFenced: false
        );
    }

    private static string Word(RunCommand command) => command.ToString().ToLowerInvariant();
}
