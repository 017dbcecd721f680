using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Rollback;

/// <summary>
/// Brings connections back to where a run left them: each in one transaction, all of which are done before the first is committed, and those that
/// hold what others read first. When it dies between two commits, the same command does the rest, and so does the next build.
/// </summary>
public static class RollbackRunner
{
    public static async Task<RollbackResult> RunAsync(
        RollbackRequest request,
        CancellationToken cancellationToken
    )
    {
        var run = request.Run;
        var runId = run.RunId ?? RunId.Create(run.StartedAt);
        var diagnostics = new DiagnosticBag();
        var graph = ProjectHistory.WholeGraph(run.Manifest);
        await using var locks = request.DryRun
            ? null
            : await RunLocks.TryTakeAsync(
                run,
                StateSurvey.LockedBy(graph, run.Manifest),
                runId,
                canWait: true,
                diagnostics,
                cancellationToken
            );
        var history = diagnostics.HasErrors
            ? null
            : await ReadOwnAsync(run, graph, diagnostics, cancellationToken);
        var includes = Includes(request, graph);
        var plan = history is null
            ? null
            : new RollbackTarget(history, run.Manifest, includes).Find(request.To, diagnostics);
        if (plan is not null && history is not null)
            new RollbackTarget(history, run.Manifest, includes).WarnOf(plan, diagnostics);
        if (plan is not null && history is not null)
            await ArchivedFiles.WarnAsync(run, plan, history, diagnostics, cancellationToken);
        if (plan is not null && history is not null)
            plan = await CountRowsAsync(run, plan, history, diagnostics, cancellationToken);
        if (plan is null || history is null || request.DryRun || diagnostics.HasErrors)
            return new RollbackResult(runId, plan, [], diagnostics.ToSorted());
        run.Failpoints.Hit(FailpointName.RollbackPlanned);
        var done = ImmutableArray.CreateBuilder<string>();
        var moves = MovesOf(run, plan, history, runId);
        var (back, follow) = (
            plan.Connections.Where(connection => !connection.Nodes.IsEmpty).ToList(),
            plan.Connections.Where(connection => connection.Nodes.IsEmpty)
        );
        var connection = "";
        var prepared = new List<PreparedRollback>();
        try
        {
            // what an engine refuses is refused before another one has gone back
            foreach (var one in back)
            {
                connection = one.Connection;
                var held = locks?.Of(connection);
                prepared.Add(
                    await PreparedRollback.BeginAsync(
                        run,
                        held,
                        plan,
                        one,
                        history,
                        moves,
                        runId,
                        cancellationToken
                    )
                );
            }
            // from the first commit on nothing stops it any more: the project would be neither here nor there
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var one in prepared)
            {
                connection = one.Connection;
                await one.CommitAsync(CancellationToken.None);
                done.Add(connection);
            }
            // where nothing goes back there may be readers of what does, and they read on from where they stand
            foreach (var one in follow)
            {
                connection = one.Connection;
                await FollowAsync(
                    run,
                    locks?.Of(connection),
                    one,
                    history,
                    moves,
                    diagnostics,
                    CancellationToken.None
                );
            }
        }
        // whatever goes wrong, the history must tell what is back already
        catch (Exception e)
            when (e is EngineException
                || done.Count > 0 && e is not (OperationCanceledException or FailpointException)
            )
        {
            await GiveUpAsync(prepared);
            var unnoted = await NoteFailureAsync(run, locks, done, runId, CancellationToken.None);
            diagnostics.Add(
                RollbackDiagnostics.NotBack(
                    connection,
                    plan.To.RunId,
                    done.ToImmutable(),
                    (e is EngineException engine ? engine.Error.Message : $"{e.GetType().Name}: {e.Message}")
                        + unnoted
                )
            );
        }
        catch (FailpointException e)
        {
            diagnostics.Add(BuildDiagnostics.Failpoint(e.Message));
        }
        finally
        {
            await GiveUpAsync(prepared);
        }
        return new RollbackResult(runId, plan, done.ToImmutable(), diagnostics.ToSorted());
    }

    /// <summary>Null where the state is, or may be, that of others: to go back in it would be to take theirs back.</summary>
    private static async Task<ProjectHistory?> ReadOwnAsync(
        RunRequest run,
        PlanGraph graph,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        if (await ProjectHistory.ReadAsync(run, diagnostics, cancellationToken) is not { } history)
            return null;
        await NodeHomes.CheckOwnersAsync(
            run,
            graph,
            history.Snapshots.Values,
            diagnostics,
            cancellationToken
        );
        return diagnostics.HasErrors ? null : history;
    }

    private static async Task<RollbackPlan> CountRowsAsync(
        RunRequest run,
        RollbackPlan plan,
        ProjectHistory history,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var counted = ImmutableArray.CreateBuilder<ConnectionRollback>();
        foreach (var connection in plan.Connections)
        {
            counted.Add(connection);
            if (connection.Nodes.IsEmpty)
                continue;
            var adapter = run.Adapters[connection.Connection];
            try
            {
                await using var session = await adapter.OpenSessionAsync(cancellationToken);
                counted[^1] = await new RestoredRows(session, adapter.Dialect).CountAsync(
                    connection,
                    history.Connections.Single(one => one.Connection == connection.Connection),
                    cancellationToken
                );
            }
            catch (EngineException e)
            {
                diagnostics.Add(
                    RollbackDiagnostics.NotBack(connection.Connection, plan.To.RunId, [], e.Error.Message)
                );
            }
        }
        return plan with { Connections = counted.ToImmutable() };
    }

    /// <summary>What is back stays so, but the history does not call a rollback a success that did not get to its end.</summary>
    /// <returns>Why that could not be noted, on a line of its own; empty where it is.</returns>
    private static async Task<string> NoteFailureAsync(
        RunRequest run,
        RunLocks? locks,
        IEnumerable<string> done,
        string runId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            foreach (var connection in done)
            {
                var adapter = run.Adapters[connection];
                await using var session = await adapter.OpenSessionAsync(cancellationToken);
                await using var transaction = await FencedTransaction.BeginAsync(
                    session,
                    locks?.Of(connection),
                    cancellationToken
                );
                var failed = RunRecords.End(adapter.Dialect, runId, RunOutcome.Failed, run.Clock.GetUtcNow());
                await session.ExecuteAsync(failed, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            return "";
        }
        catch (EngineException e)
        {
            return $"\n'strata runs' shows this rollback as successful: {e.Error.Message}";
        }
    }

    /// <summary>A transfer goes with the node whose rows it brings.</summary>
    private static Func<string, bool> Includes(RollbackRequest request, PlanGraph graph)
    {
        var manifest = request.Run.Manifest;
        if (request.Nodes is not { } nodes)
            return manifest.Owns;
        var transfers = graph
            .Transfers.Where(transfer => nodes.Contains(transfer.Producer.UniqueId))
            .Select(transfer => transfer.Id)
            .ToHashSet();
        return id => nodes.Contains(id) || transfers.Contains(id);
    }

    /// <summary>
    /// Those of this rollback, and those of one before it that died on its way. Where both move readers of one producer, this one's
    /// go first and lead on from wherever the one before has moved readers to: what both epochs have in common is what is left.
    /// </summary>
    private static ImmutableArray<EpochMove> MovesOf(
        RunRequest run,
        RollbackPlan plan,
        ProjectHistory history,
        string runId
    )
    {
        var own = plan
            .Connections.SelectMany(connection =>
            {
                var undo = new StateUndo(
                    run.Adapters[connection.Connection].Dialect,
                    connection.Nodes,
                    [],
                    history.Snapshots[connection.Connection]
                );
                return connection.Nodes.Select(node => undo.MoveOf(node, runId)).OfType<EpochMove>();
            })
            .ToImmutableArray();
        var earlier = history.Connections.SelectMany(connection => connection.Moves).ToImmutableArray();
        return
        [
            .. own,
            .. own.SelectMany(move =>
                earlier.Select(before => move.LeadingOnFrom(before)).OfType<EpochMove>()
            ),
            .. earlier.Where(before => own.All(move => move.Producer != before.Producer)),
        ];
    }

    /// <summary>What is not committed stays as it was.</summary>
    private static async Task GiveUpAsync(List<PreparedRollback> prepared)
    {
        foreach (var one in prepared)
            await one.DisposeAsync();
        prepared.Clear();
    }

    /// <summary>Only readers of what went back elsewhere are there. What was to go back is back if they cannot be told, and they start over.</summary>
    private static async Task FollowAsync(
        RunRequest run,
        IStateLock? held,
        ConnectionRollback connection,
        ProjectHistory history,
        ImmutableArray<EpochMove> moves,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var consumed = history.Snapshots[connection.Connection].Consumed;
        var followed = moves
            .Where(move => consumed.Any(one => one.Key.Upstream == move.Producer && move.Moves(one.Value)))
            .ToList();
        if (followed.Count == 0)
            return;
        var adapter = run.Adapters[connection.Connection];
        try
        {
            await using var session = await adapter.OpenSessionAsync(cancellationToken);
            await using var transaction = await FencedTransaction.BeginAsync(
                session,
                held,
                cancellationToken
            );
            foreach (var move in followed)
                await session.ExecuteAsync(StateUndo.Follow(adapter.Dialect, move), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (EngineException e)
        {
            var about = $"moving the readers of changes on '{connection.Connection}'";
            diagnostics.Add(
                e.Error.ToDiagnostic(adapter.Dialect.Name, about) with
                {
                    Severity = Severity.Warning,
                    Hint =
                        "everything else is rolled back; in the next build, these readers read everything again",
                }
            );
        }
    }
}
