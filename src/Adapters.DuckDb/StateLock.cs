using System.Collections.Concurrent;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>Keeps two runs of one process apart; between processes DuckDB's file lock does.</summary>
internal sealed class StateLock : IStateLock
{
    // by path, or by adapter where the database is in memory
    private static readonly ConcurrentDictionary<object, StateLock> Held = new();

    private readonly object _key;
    private readonly string _runId;

    private StateLock(object key, string runId)
    {
        _key = key;
        _runId = runId;
    }

    public static StateLock? TryTake(object key, string runId)
    {
        var taken = new StateLock(key, runId);
        return Held.TryAdd(key, taken) ? taken : null;
    }

    public static string? FindHolder(object key) =>
        Held.TryGetValue(key, out var holder) ? $"run {holder._runId} of this process" : null;

    /// <summary>A lock of this process is lost with the process, and not before.</summary>
    public CancellationToken Lost => CancellationToken.None;

    public Task FenceAsync(ISession session, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Held.TryRemove(KeyValuePair.Create(_key, this));
        return ValueTask.CompletedTask;
    }
}
