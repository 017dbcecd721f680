using System.Collections.Concurrent;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// One statement's way through the rows: batches are read ahead while DuckDB works on those before, and wait in a
/// queue of few, so that memory does not depend on the number of rows.
/// </summary>
internal sealed class StreamedScan : IOfferedScan, IAsyncDisposable
{
    private const int ReadAhead = 4;

    private readonly IBatchReader _reader;
    private readonly OfferedColumns _columns;
    private readonly BlockingCollection<ColumnBatch> _ready = new(ReadAhead);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _reading;
    private volatile Exception? _failure;

    public StreamedScan(IBatchReader reader, OfferedColumns columns)
    {
        (_reader, _columns) = (reader, columns);
        _reading = Task.Run(ReadAsync);
    }

    public void Fill(nint chunk)
    {
        if (!_ready.TryTake(out var batch, Timeout.Infinite))
        {
            if (_failure is { } failure)
                throw new InvalidOperationException(failure.Message, failure);
            NativeCalls.SetSize(chunk, 0);
            return;
        }
        _columns.Fill(chunk, batch, 0, batch.Count);
        _reader.Recycle(batch);
    }

    public Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    public void Stop() => _stopped.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _reading;
        await _reader.DisposeAsync();
        _ready.Dispose();
        _stopped.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_stopped.Token) is { } batch)
                _ready.Add(batch, _stopped.Token);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // nobody wants more
        }
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }
}
