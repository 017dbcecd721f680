using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution;

/// <summary>The writer's locks of one run, on every connection that it writes to.</summary>
internal sealed class RunLocks : IAsyncDisposable
{
    // in the order in which they were taken
    private readonly List<(string Connection, IStateLock Lock)> _held = [];

    /// <summary>One token for each lock, cancelled when the engine has let go of it.</summary>
    public IEnumerable<CancellationToken> Lost => _held.Select(held => held.Lock.Lost);

    /// <summary>The lock on a connection that this run writes to.</summary>
    public IStateLock? Of(string connection) =>
        _held.FirstOrDefault(held => held.Connection == connection).Lock;

    public bool IsLost => _held.Any(held => held.Lock.Lost.IsCancellationRequested);

    /// <summary>What to say about locks that are lost.</summary>
    public IEnumerable<Diagnostic> Losses =>
        _held
            .Where(held => held.Lock.Lost.IsCancellationRequested)
            .Select(held => held.Connection)
            .Order(StringComparer.Ordinal)
            .Select(RunLockDiagnostics.LockLost);

    /// <summary>Takes all locks, always in the same order, or none.</summary>
    /// <param name="canWait">Whether the command that asks has <c>--wait</c>.</param>
    public static async Task<RunLocks?> TryTakeAsync(
        RunRequest request,
        IEnumerable<string> connections,
        string runId,
        bool canWait,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var locks = new RunLocks();
        try
        {
            foreach (var connection in connections.Order(StringComparer.Ordinal))
            {
                if (
                    await request.Adapters[connection].TryLockStateAsync(runId, cancellationToken) is { } held
                )
                {
                    locks._held.Add((connection, held));
                    continue;
                }
                var holder = await HolderAsync(request.Adapters[connection], cancellationToken);
                diagnostics.Add(
                    holder?.Contains(runId, StringComparison.Ordinal) == true
                        ? TableDiagnostics.OneDatabase(
                            connection,
                            locks
                                ._held.Select(one => one.Connection)
                                .Where(name => EngineOf(name) == EngineOf(connection))
                        )
                        : InputDiagnostics.RunLockHeld(connection, holder, canWait)
                );
                break;
            }
        }
        catch (EngineException e)
        {
            // adapters are asked in turn, so the last one that was asked is to blame
            var blamed = connections.Order(StringComparer.Ordinal).ElementAt(locks._held.Count);
            diagnostics.Add(StateSurvey.Unreachable(request.Manifest, blamed, e.Error));
        }
        catch
        {
            await locks.DisposeAsync();
            throw;
        }
        if (!diagnostics.HasErrors)
            return locks;
        await locks.DisposeAsync();
        return null;

        EngineType EngineOf(string name) => request.Manifest.Connections[name].Engine;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, held) in Enumerable.Reverse(_held))
            await held.DisposeAsync();
        _held.Clear();
    }

    private static async Task<string?> HolderAsync(IAdapter adapter, CancellationToken cancellationToken)
    {
        try
        {
            return await adapter.FindLockHolderAsync(cancellationToken);
        }
        catch (EngineException e)
        {
            // an engine that does not let us in to ask says itself who is in
            return e.Error.Message;
        }
    }
}
