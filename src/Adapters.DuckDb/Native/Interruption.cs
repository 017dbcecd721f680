using DuckDB.NET.Native;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// Interrupts a connection's running statement when a token is cancelled. DuckDB forgets an interrupt that
/// comes just before a statement starts, so it is repeated until the statement has ended.
/// </summary>
internal sealed class Interruption : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly DuckDBNativeConnection _connection;
    private Task _loop = Task.CompletedTask;

    public Interruption(DuckDBNativeConnection connection, CancellationToken cancellationToken)
    {
        _connection = connection;
        _registration = cancellationToken.Register(() => _loop = InterruptUntilEndedAsync());
    }

    public async ValueTask DisposeAsync()
    {
        // waits for a callback that is running, so that _loop is final
        await _registration.DisposeAsync();
        await _ended.CancelAsync();
        await _loop;
        _ended.Dispose();
    }

    private async Task InterruptUntilEndedAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            _connection.Interrupt();
            await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
