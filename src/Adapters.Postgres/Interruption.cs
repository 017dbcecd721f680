using System.Globalization;
using Npgsql;

namespace Strata.Adapters.Postgres;

/// <summary>
/// Makes the server cancel a connection's running statement when a token is cancelled. The request has no
/// effect when it comes just before the statement, so it is repeated until the statement has ended. (Npgsql's
/// own handling of tokens asks once, and breaks the connection when that had no effect.)
/// </summary>
internal sealed class Interruption : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly NpgsqlDataSource _source;
    private readonly int _processId;
    private Task _loop = Task.CompletedTask;

    /// <param name="processId">The server process whose statement is to end.</param>
    public Interruption(NpgsqlDataSource source, int processId, CancellationToken cancellationToken)
    {
        _source = source;
        _processId = processId;
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
        var cancel = $"select pg_cancel_backend({_processId.ToString(CultureInfo.InvariantCulture)})";
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await using var command = _source.CreateCommand(cancel);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // no second connection to be had: either the server is gone, which ends the statement as well,
                // or all connections are taken, and the next round may find one
            }
            await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
