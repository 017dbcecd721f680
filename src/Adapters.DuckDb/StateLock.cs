using System.Collections.Concurrent;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>Keeps two runs of one process apart; between processes DuckDB's file lock does.</summary>
internal sealed class StateLock : IStateLock
{
    // by path, or by adapter where the database is in memory
    private static readonly ConcurrentDictionary<object, StateLock> Held = new();

    private readonly object _key;

    private StateLock(object key) => _key = key;

    public static StateLock? TryTake(object key)
    {
        var taken = new StateLock(key);
        return Held.TryAdd(key, taken) ? taken : null;
    }

    public ValueTask DisposeAsync()
    {
        Held.TryRemove(KeyValuePair.Create(_key, this));
        return ValueTask.CompletedTask;
    }
}
