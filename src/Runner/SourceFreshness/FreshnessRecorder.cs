using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.State.Tests;

namespace Strata.Runner.SourceFreshness;

/// <summary>
/// Puts the age of sources into the history of tests of their connection. Rows of it are only added, which disturbs no
/// other run; only the tables of the state are made under the writer's lock.
/// </summary>
internal static class FreshnessRecorder
{
    /// <returns>Why nothing was kept; null when all was.</returns>
    public static async Task<string?> TryRecordAsync(
        RunRequest request,
        string runId,
        ConnectionRun on,
        EngineSnapshot snapshot,
        ImmutableArray<FreshnessResult> results,
        CancellationToken cancellationToken
    )
    {
        var keep = request.Manifest.TestResults.Keep;
        if (keep == 0)
            return null;
        if (snapshot.StateVersion > StateTables.Version)
            return "a newer strata wrote it";
        try
        {
            if (
                snapshot.StateVersion < StateTables.Version
                && await TryMigrateAsync(request, runId, on, snapshot, cancellationToken) is { } reason
            )
                return reason;
            await TestRecorder.WriteAsync(
                on,
                [
                    .. TestResultStatements.Record(
                        on.Dialect,
                        [.. results.Select(result => Observe(runId, result))]
                    ),
                    .. TestResultStatements.Trim(
                        on.Dialect,
                        results.Select(result => result.HistoryId),
                        keep
                    ),
                ],
                cancellationToken
            );
            return null;
        }
        catch (EngineException e)
        {
            return e.Error.Message;
        }
    }

    private static async Task<string?> TryMigrateAsync(
        RunRequest request,
        string runId,
        ConnectionRun on,
        EngineSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var diagnostics = new DiagnosticBag();
        await using var locks = await RunLocks.TryTakeAsync(
            request,
            [on.Name],
            runId,
            canWait: false,
            diagnostics,
            cancellationToken
        );
        if (locks is null)
            return diagnostics.ToSorted()[0].Message;
        await using var locked = new ConnectionRun(on.Adapter, snapshot, runId)
        {
            Lock = locks.Of(on.Name),
            Failpoints = request.Failpoints,
        };
        await StateMigrator.MigrateAsync(locked, snapshot.StateVersion, cancellationToken);
        return null;
    }

    private static TestObservation Observe(string runId, FreshnessResult result) =>
        new()
        {
            RunId = runId,
            TestId = result.HistoryId,
            Name = $"freshness of {result.Name}",
            NodeId = result.Source.UniqueId,
            Status = result.Status switch
            {
                FreshnessStatus.Pass => "pass",
                FreshnessStatus.Warn => "warn",
                FreshnessStatus.Error => "fail",
                _ => "error",
            },
            Failures = result.Status switch
            {
                FreshnessStatus.RuntimeError => null,
                FreshnessStatus.Pass => 0,
                _ => 1,
            },
            Observed = result.Age is { } age ? FreshnessWords.Age(age) : null,
            ObservedNumber = result.Age?.TotalSeconds,
            Threshold = FreshnessWords.Limits(result.Freshness),
            Severity = result.Freshness.ErrorAfter is null ? "warn" : "error",
            Duration = result.Duration,
            TestedAt = result.LookedAt,
        };
}
