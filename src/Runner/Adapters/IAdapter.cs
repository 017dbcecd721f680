using Strata.Compiler.Sql;

namespace Strata.Runner.Adapters;

/// <summary>
/// One connection of the target: the only door between the runner and an engine. Everything that differs
/// between engines is a capability, the dialect, or an implementation behind this seam; nothing outside an
/// adapter asks which engine it is.
/// </summary>
public interface IAdapter : IAsyncDisposable
{
    /// <summary>The connection's name in profiles.yml.</summary>
    string Connection { get; }

    SqlDialect Dialect { get; }

    AdapterCapabilities Capabilities { get; }

    /// <summary>Whether there is a database to read; a session opened all the same makes an empty one.</summary>
    bool IsThere => true;

    /// <summary>How many sessions may work at the same time.</summary>
    int MaxConcurrency { get; }

    /// <summary>Opens a session in UTC.</summary>
    /// <exception cref="EngineException">The engine cannot be reached, is locked, or refuses us.</exception>
    Task<ISession> OpenSessionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes the one writer's lock on this connection's Strata state, until the handle is disposed or the
    /// process ends. Null when another process has it; <see cref="EngineException"/> when unreachable.
    /// </summary>
    Task<IStateLock?> TryLockStateAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Who holds the writer's lock, in words (a run id, a process, since when); null when that cannot be told.</summary>
    Task<string?> FindLockHolderAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Reaches the engine and says what is there, for <c>strata debug</c>; problems are exceptions.</summary>
    Task<ConnectionReport> CheckAsync(CancellationToken cancellationToken);
}
