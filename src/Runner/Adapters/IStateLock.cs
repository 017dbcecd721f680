namespace Strata.Runner.Adapters;

/// <summary>A held writer's lock; disposing releases it.</summary>
public interface IStateLock : IAsyncDisposable
{
    /// <summary>Cancelled as soon as it is known that the engine has let go of the lock while it was held.</summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// Within a transaction that writes: makes sure that the lock is still held, and that whoever takes it after us
    /// waits for this transaction's end. A process can die, or lose its lock, while its commit is on the way.
    /// </summary>
    /// <exception cref="EngineException">The lock is lost.</exception>
    Task FenceAsync(ISession session, CancellationToken cancellationToken);
}
