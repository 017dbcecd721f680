using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution;

/// <summary>
/// The statements that a project runs before its first and after its last node. A run that has nothing to do, that only runs unit tests (on given rows,
/// away from what the project keeps), or that only tries a replay, runs none of them.
/// </summary>
internal static class RunHooks
{
    public const string OnRunStart = "on-run-start";

    /// <returns>Why the run cannot begin; null if every statement ran.</returns>
    public static Task<Diagnostic?> StartAsync(RunContext context, CancellationToken cancellationToken) =>
        RunAsync(context, context.Manifest.OnRunStart, OnRunStart, cancellationToken);

    /// <summary>Also after nodes have failed; not after the run was cancelled.</summary>
    /// <returns>Why the statements did not all run; null if they did.</returns>
    public static async Task<Diagnostic?> EndAsync(RunContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(context, context.Manifest.OnRunEnd, "on-run-end", cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // the run's result says so, and there is still something to clean up
            return null;
        }
    }

    private static async Task<Diagnostic?> RunAsync(
        RunContext context,
        ImmutableArray<RunHook> hooks,
        string key,
        CancellationToken cancellationToken
    )
    {
        if (
            context.Request.Replay is { IsDryRun: true }
            || context.Plan.Nodes.All(node => node.Action is PlannedAction.None or PlannedAction.UnitTest)
        )
            return null;
        foreach (var hook in hooks)
        {
            try
            {
                await using var session = await context
                    .Request.Adapters[hook.Connection]
                    .OpenSessionAsync(cancellationToken);
                await session.ExecuteAsync(hook.Sql, cancellationToken);
            }
            catch (EngineException e)
            {
                var engine = context.Request.Adapters[hook.Connection].Dialect.Name;
                return e.Error.ToDiagnostic(engine, key, hook.Declaration);
            }
        }
        return null;
    }
}
