using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Rows of ours as DuckDB sees them: their columns, and a scan for each statement that reads.</summary>
internal sealed class StreamedTable : IStreamedTable, IOfferedRows
{
    private readonly Func<ImmutableArray<bool>, IBatchReader> _open;
    private readonly Action<StreamedTable> _closed;
    private readonly Lock _lock = new();
    private readonly List<StreamedScan> _scans = [];
    private readonly long _number;

    public StreamedTable(
        ImmutableArray<TransferColumn> columns,
        Func<ImmutableArray<bool>, IBatchReader> open,
        Action<StreamedTable> closed
    )
    {
        (Columns, _open, _closed) = (columns, open, closed);
        _number = RowFunction.Add(this);
    }

    public string Expression => RowFunction.Call(_number);

    public ImmutableArray<TransferColumn> Columns { get; }

    public IOfferedScan Open(int[] columns)
    {
        var wanted = new bool[Columns.Length];
        foreach (var column in columns)
        {
            if (column >= 0)
                wanted[column] = true;
        }
        var scan = new StreamedScan(_open([.. wanted]), new OfferedColumns(Columns, columns));
        lock (_lock)
            _scans.Add(scan);
        return scan;
    }

    /// <summary>What a reader has thrown, once.</summary>
    public Exception? TakeFailure()
    {
        lock (_lock)
            return _scans.Select(scan => scan.TakeFailure()).FirstOrDefault(failure => failure is not null);
    }

    public async ValueTask DisposeAsync()
    {
        RowFunction.Remove(_number);
        _closed(this);
        foreach (var scan in _scans)
            await scan.DisposeAsync();
    }
}
