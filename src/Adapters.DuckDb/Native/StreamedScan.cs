using System.Collections.Concurrent;
using DuckDB.NET.Native;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// One statement's way through the rows: batches are read ahead while DuckDB works on those before, and wait in a
/// queue of few, so that memory does not depend on the number of rows.
/// </summary>
internal sealed class StreamedScan : IAsyncDisposable
{
    private const int ReadAhead = 4;

    private readonly IBatchReader _reader;
    private readonly int[] _columns;
    private readonly VectorEncoder?[] _encoders;
    private readonly BlockingCollection<ColumnBatch> _ready = new(ReadAhead);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _reading;
    private volatile Exception? _failure;

    public StreamedScan(IBatchReader reader, int[] columns, VectorEncoder?[] encoders)
    {
        (_reader, _columns, _encoders) = (reader, columns, encoders);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Fills DuckDB's next chunk; with nothing at the end. Runs on a thread of DuckDB's, which it blocks.</summary>
    public void Fill(nint chunk)
    {
        if (!_ready.TryTake(out var batch, Timeout.Infinite))
        {
            if (_failure is { } failure)
                throw new InvalidOperationException(failure.Message, failure);
            NativeCalls.SetSize(chunk, 0);
            return;
        }
        for (var i = 0; i < _columns.Length; i++)
        {
            var vector = NativeCalls.Vector(chunk, (ulong)i);
            _encoders[i]?.Encode(batch.Columns[_columns[i]], 0, batch.Count, vector, 0);
        }
        NativeCalls.SetSize(chunk, (ulong)batch.Count);
        _reader.Recycle(batch);
    }

    public Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    /// <summary>The statement has ended, perhaps before the rows have.</summary>
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
