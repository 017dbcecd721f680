using System.Runtime.ExceptionServices;

namespace Strata.Runner.Transfers;

/// <summary>
/// Several tasks of which the first to fail stops the others, and is the one that is reported: what the others
/// then throw is a consequence.
/// </summary>
internal sealed class FirstFailure(CancellationTokenSource stop)
{
    private ExceptionDispatchInfo? _first;

    /// <returns>What the work gives; 0 when it failed.</returns>
    public async Task<long> WatchAsync(Func<Task<long>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(e), null);
            await stop.CancelAsync();
            return 0;
        }
    }

    public void Throw(CancellationToken cancellationToken)
    {
        // asked to stop by the caller: then that is the reason, whatever came of it
        if (_first is not null)
            cancellationToken.ThrowIfCancellationRequested();
        _first?.Throw();
    }
}
