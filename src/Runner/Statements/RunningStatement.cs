using Strata.Runner.Adapters;

namespace Strata.Runner.Statements;

/// <summary>
/// A statement on its way to the log. One that takes several calls, as a bulk load does, is timed within them: what the other end of a transfer
/// takes is not the engine's.
/// </summary>
internal sealed class RunningStatement(StatementLog log, IAdapter on, StatementKind kind, string sql)
{
    private TimeSpan _duration;
    private bool _hasEnded;

    public DateTimeOffset StartedAt { get; } = log.Clock.GetUtcNow();

    public StatementOwner Owner { get; } = StatementScope.Owner;

    public IAdapter On => on;

    public StatementKind Kind => kind;

    public string Sql => sql;

    /// <summary>Makes a call that belongs to the statement; if it fails, so has the statement.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var started = log.Clock.GetTimestamp();
        try
        {
            var result = await call();
            _duration += log.Clock.GetElapsedTime(started);
            return result;
        }
        catch (Exception e)
        {
            _duration += log.Clock.GetElapsedTime(started);
            End(null, e is OperationCanceledException ? "cancelled" : e.Message);
            throw;
        }
    }

    /// <summary>Writes it down; what comes later is not counted.</summary>
    public void End(long? rows, string? error = null)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        log.Write(this, _duration, rows, error);
    }
}
