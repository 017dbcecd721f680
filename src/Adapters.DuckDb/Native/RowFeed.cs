using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// Rows that are pushed, batch by batch, into one statement that reads them. A batch is given when the one before has been taken; while the
/// statement works on what it has taken, the next one is waiting already.
/// </summary>
internal sealed class RowFeed : IOfferedRows, IOfferedScan, IDisposable
{
    private readonly long _number;
    private readonly Lock _lock = new();

    // set when there is something for the statement: a batch, the end, or that it shall stop
    private readonly ManualResetEventSlim _given = new();
    private OfferedColumns? _wanted;
    private ColumnBatch? _batch;
    private TaskCompletionSource? _taken;
    private int _first;
    private bool _isComplete;
    private bool _isAbandoned;

    public RowFeed(ImmutableArray<TransferColumn> columns)
    {
        Columns = columns;
        _number = RowFunction.Add(this);
    }

    public ImmutableArray<TransferColumn> Columns { get; }

    public string Expression => RowFunction.Call(_number);

    public IOfferedScan Open(int[] columns)
    {
        _wanted = new OfferedColumns(Columns, columns);
        return this;
    }

    /// <returns>
    /// Done when the values of the batch have been taken; fails where one cannot be stored. Never done where the statement ends before.
    /// </returns>
    public Task GiveAsync(ColumnBatch batch)
    {
        if (batch.Count == 0)
            return Task.CompletedTask;
        lock (_lock)
        {
            (_batch, _first) = (batch, 0);
            _taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _given.Set();
            return _taken.Task;
        }
    }

    /// <summary>There are no more rows.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            _given.Set();
        }
    }

    /// <summary>Fails the statement at its next chunk.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _isAbandoned = true;
            _given.Set();
        }
    }

    public void Fill(nint chunk)
    {
        _given.Wait();
        if (_isAbandoned)
            throw new InvalidOperationException("the load was given up");
        if (_batch is not { } batch)
        {
            NativeCalls.SetSize(chunk, 0);
            return;
        }
        try
        {
            var count = Math.Min(ColumnBatch.Capacity, batch.Count - _first);
            _wanted!.Fill(chunk, batch, _first, count);
            _first += count;
        }
        catch (Exception e)
        {
            Taken()?.SetException(e);
            throw;
        }
        if (_first == batch.Count)
            Taken()?.SetResult();
    }

    public void Stop() { }

    /// <summary>When no statement reads any more.</summary>
    public void Dispose()
    {
        RowFunction.Remove(_number);
        _given.Dispose();
    }

    private TaskCompletionSource? Taken()
    {
        lock (_lock)
        {
            var taken = _taken;
            (_batch, _taken) = (null, null);
            if (!_isComplete && !_isAbandoned)
                _given.Reset();
            return taken;
        }
    }
}
