using Strata.Runner.Adapters;

namespace Strata.Runner.Execution;

/// <summary>Begins transactions that only the holder of the writer's lock can commit.</summary>
internal static class FencedTransaction
{
    /// <param name="held">The lock; null where nothing that other runs rely on is written.</param>
    /// <exception cref="EngineException">The lock is lost, or the engine refuses.</exception>
    public static async Task<ISessionTransaction> BeginAsync(
        ISession session,
        IStateLock? held,
        CancellationToken cancellationToken
    )
    {
        var transaction = await session.BeginAsync(cancellationToken);
        try
        {
            if (held is not null)
                await held.FenceAsync(session, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
