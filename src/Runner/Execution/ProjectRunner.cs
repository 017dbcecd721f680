using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Events;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Files;
using Strata.Runner.Orphans;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tables;
using Strata.Runner.UnitTests;

namespace Strata.Runner.Execution;

/// <summary>The runner's two entry points: what would be done, and doing it.</summary>
public static class ProjectRunner
{
    // whoever has cancelled a run waits for its end; nobody else is helped by stages that are left on a busy machine
    private static readonly TimeSpan CancelledCleanupLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CleanupLimit = TimeSpan.FromMinutes(5);

    /// <summary>Plans without taking a lock or writing anything.</summary>
    public static async Task<PlanResult> PlanAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        var graph = new PlanGraph(request.Manifest, request.Selected, request.Command);
        var states = await StateSurvey.ReadAsync(request, graph, diagnostics, cancellationToken);
        if (states is null)
            return new PlanResult(null, diagnostics.ToSorted());
        var plan = RunPlanner.Plan(request, graph, states, RunId.Create(request.StartedAt));
        await TransferCheck.RunAsync(request, graph, states, plan, diagnostics, cancellationToken);
        return new PlanResult(diagnostics.HasErrors ? null : plan, diagnostics.ToSorted())
        {
            Orphans = OrphansOf(request, states),
        };
    }

    private static ImmutableArray<string> OrphansOf(RunRequest request, EngineStates states)
    {
        var finder = new OrphanFinder(request.Manifest);
        return
        [
            .. states
                .Engines.Values.SelectMany(snapshot =>
                    finder.Find(snapshot, snapshot.Relations, request.Adapters[snapshot.Connection].Dialect)
                )
                .Where(orphan => orphan is { IsPart: false, IsDisabled: false })
                .Select(orphan => orphan.Relation.ToString())
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Takes the locks, plans, and carries the plan out. Cancelling stops what runs and publishes nothing more.</summary>
    public static async Task<RunResult> RunAsync(
        RunRequest request,
        IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        var started = request.Clock.GetTimestamp();
        var diagnostics = new DiagnosticBag();
        var runId = request.RunId ?? RunId.Create(request.StartedAt);
        var graph = new PlanGraph(request.Manifest, request.Selected, request.Command);
        await using var locks = await RunLocks.TryTakeAsync(
            request,
            StateSurvey.LockedBy(graph, request.Manifest),
            runId,
            canWait: true,
            diagnostics,
            cancellationToken
        );
        var states = locks is null
            ? null
            : await StateSurvey.ReadAsync(request, graph, diagnostics, cancellationToken);
        if (locks is null || states is null)
            return NotStarted(request, runId, diagnostics);

        var plan = RunPlanner.Plan(request, graph, states, runId);
        await TransferCheck.RunAsync(request, graph, states, plan, diagnostics, cancellationToken);
        if (diagnostics.HasErrors)
            return NotStarted(request, runId, diagnostics);
        await using var unitTests = new UnitTestBench(request, runId);
        var context = RunContext.Create(request, locks, plan, graph, states, unitTests, observer);
        context.Problems.AddRange(diagnostics.ToSorted());
        // a run without its lock must not go on: another one may have started
        using var stop = CancellationTokenSource.CreateLinkedTokenSource([cancellationToken, .. locks.Lost]);
        try
        {
            return await ExecuteAsync(context, started, stop.Token);
        }
        finally
        {
            foreach (var connection in context.Connections.Values)
                await connection.DisposeAsync();
        }
    }

    private static async Task<RunResult> ExecuteAsync(
        RunContext context,
        long started,
        CancellationToken cancellationToken
    )
    {
        context.Events.Raise(new RunStarted(context.Now, context.Plan));
        ImmutableArray<NodeResult>? results = null;
        await AttemptAsync(
            context,
            async () =>
            {
                context.Failpoints.Hit(FailpointName.RunPlanned);
                if (await PrepareAsync(context, cancellationToken) is { } problem)
                {
                    context.Problems.Add(problem);
                    return;
                }
                context.Failpoints.Hit(FailpointName.RunCleaned);
                if (await RunHooks.StartAsync(context, cancellationToken) is { } refused)
                {
                    context.Problems.Add(refused);
                    results = RunLoop.Untried(context, Outcome.Skipped, RunHooks.OnRunStart);
                    return;
                }
                results = await RunLoop.RunAsync(context, cancellationToken);
                if (await RunHooks.EndAsync(context, cancellationToken) is { } failed)
                    context.Problems.Add(failed);
            },
            cancellationToken
        );
        var isLost = context.Locks is { IsLost: true };
        if (
            results is null
            && cancellationToken.IsCancellationRequested
            && !isLost
            && !context.Problems.HasErrors
        )
            results = RunLoop.Untried(context, Outcome.Cancelled, null);
        await AttemptAsync(
            context,
            async () =>
            {
                context.Failpoints.Hit(FailpointName.CleanupBefore);
                await ForgetOldTestsAsync(context, results ?? []);
            },
            cancellationToken
        );
        await AttemptAsync(
            context,
            async () =>
            {
                await CleanUpAsync(context, results ?? [], cancellationToken.IsCancellationRequested);
                context.Failpoints.Hit(FailpointName.CleanupAfter);
            },
            cancellationToken
        );
        ImmutableArray<Diagnostic> losses = [.. context.Locks?.Losses ?? []];
        var result = new RunResult
        {
            Plan = context.Plan,
            Nodes = results ?? [],
            UnreadFiles = UnreadFiles.Find(context.Plan, context.Manifest, context.States),
            Diagnostics = [.. losses, .. context.Problems.ToSorted()],
            WasCancelled = cancellationToken.IsCancellationRequested && losses.IsEmpty,
            CouldNotStart = results is null,
            LostItsLock = !losses.IsEmpty,
            Duration = context.Clock.GetElapsedTime(started),
        };
        context.Events.Raise(new RunFinished(context.Now, result));
        return result;
    }

    /// <summary>Does a part of a run. What goes wrong in it becomes a problem of the run, which goes on to its end all the same.</summary>
    private static async Task AttemptAsync(
        RunContext context,
        Func<Task> work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await work();
        }
        catch (FailpointException e)
        {
            context.Problems.Add(BuildDiagnostics.Failpoint(e.Message));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the run's result says so
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            context.Problems.Add(InternalDiagnostics.Unexpected(e));
        }
    }

    /// <summary>Makes the state's tables and drops what dead runs left, where this run is going to write.</summary>
    private static async Task<Diagnostic?> PrepareAsync(
        RunContext context,
        CancellationToken cancellationToken
    )
    {
        var written = context
            .Plan.Nodes.Where(node => node.Action is not (PlannedAction.None or PlannedAction.UnitTest))
            .Select(node => node.Connection)
            .ToHashSet();
        foreach (var on in context.Connections.Values.OrderBy(on => on.Name, StringComparer.Ordinal))
        {
            var snapshot = context.States.Engines[on.Name];
            var isWritten = written.Contains(on.Name);
            // a run that died when everything was published leaves its stages to one that has nothing to do
            if (!isWritten && (on.Lock is null || !StageCleaner.HasLeftOvers(snapshot)))
                continue;
            try
            {
                await using (var lease = await on.Sessions.RentAsync(cancellationToken))
                    await StageCleaner.DropLeftOversAsync(
                        lease.Session,
                        on.Dialect,
                        snapshot,
                        cancellationToken
                    );
                context.Failpoints.Hit(FailpointName.RunSwept);
                if (!isWritten)
                    continue;
                if (snapshot.StateVersion != StateTables.Version)
                    await StateMigrator.MigrateAsync(on, snapshot.StateVersion, cancellationToken);
                await using (var lease = await on.Sessions.RentAsync(cancellationToken))
                    await on.KnownRows.ReadFilesAsync(lease.Session, on.Dialect, cancellationToken);
                await RunRecorder.BeginAsync(context, on, cancellationToken);
            }
            catch (EngineException e) when (!isWritten)
            {
                context.Problems.Add(BuildDiagnostics.StagesLeft(on.Name, e.Error.Message));
            }
            catch (EngineException e)
            {
                return e.Error.ToDiagnostic(on.Dialect.Name, $"the state of connection '{on.Name}'");
            }
        }
        return null;
    }

    private static async Task ForgetOldTestsAsync(RunContext context, ImmutableArray<NodeResult> results)
    {
        using var limit = new CancellationTokenSource(CancelledCleanupLimit, context.Clock);
        try
        {
            await TestRecorder.TrimAsync(context, results, limit.Token);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // a history that is longer than it need be harms nobody; the next run forgets it
        }
    }

    /// <summary>Also after a cancellation, but not for ever; and where the stages stay, the record is ended all the same.</summary>
    private static async Task CleanUpAsync(
        RunContext context,
        ImmutableArray<NodeResult> results,
        bool wasCancelled
    )
    {
        var patience = wasCancelled ? CancelledCleanupLimit : CleanupLimit;
        using var limit = new CancellationTokenSource(patience, context.Clock);
        foreach (var on in context.Connections.Values)
        {
            var problem = await ProblemOfAsync(() => StageCleaner.DropOwnAsync(on, limit.Token), on.Name);
            using var moment = new CancellationTokenSource(patience, context.Clock);
            var unended = await ProblemOfAsync(
                () => RunRecorder.EndAsync(context, on, results, wasCancelled, moment.Token),
                on.Name
            );
            // of a connection that is lost both say the same
            problem ??= unended;
            if (problem is not null)
                context.Problems.Add(problem);
            else
                context.Failpoints.Hit(FailpointName.CleanupMidway);
        }
    }

    private static async Task<Diagnostic?> ProblemOfAsync(Func<Task> work, string connection)
    {
        try
        {
            await work();
            return null;
        }
        catch (EngineException e)
        {
            return BuildDiagnostics.StagesLeft(connection, e.Error.Message);
        }
        catch (OperationCanceledException)
        {
            return BuildDiagnostics.StagesLeft(connection, "dropping them took too long");
        }
        catch (Exception e) when (e is not (OutOfMemoryException or FailpointException))
        {
            return InternalDiagnostics.Unexpected(e, $"clearing up on '{connection}'");
        }
    }

    private static RunResult NotStarted(RunRequest request, string runId, DiagnosticBag diagnostics) =>
        new()
        {
            Plan = new RunPlan
            {
                RunId = runId,
                TargetName = request.Manifest.TargetName,
                StartedAt = request.StartedAt,
                Nodes = [],
            },
            Nodes = [],
            Diagnostics = diagnostics.ToSorted(),
            CouldNotStart = true,
        };
}
