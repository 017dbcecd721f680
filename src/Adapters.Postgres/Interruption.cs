namespace Strata.Adapters.Postgres;

/// <summary>
/// Asks the server to cancel a running statement when a token is cancelled. The request has no effect when it
/// comes just before the statement, so it is repeated until the statement has ended. Npgsql's own handling of
/// tokens asks once, and breaks the connection when that had no effect.
/// </summary>
internal sealed class Interruption : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Action _cancel;
    private Task _loop = Task.CompletedTask;

    public Interruption(Action cancel, CancellationToken cancellationToken)
    {
        _cancel = cancel;
        _registration = cancellationToken.Register(() => _loop = Task.Run(CancelUntilEndedAsync));
    }

    public async ValueTask DisposeAsync()
    {
        // waits for a callback that is running, so that _loop is final
        await _registration.DisposeAsync();
        await _ended.CancelAsync();
        await _loop;
        _ended.Dispose();
    }

    private async Task CancelUntilEndedAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            _cancel();
            await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
