using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Native;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Rows of ours as DuckDB sees them: their columns, and a scan for each statement that reads.</summary>
internal sealed class StreamedTable : IStreamedTable
{
    private readonly ImmutableArray<TransferColumn> _columns;
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
        (_columns, _open, _closed) = (columns, open, closed);
        _number = RowFunction.Add(this);
    }

    public string Expression => string.Create(CultureInfo.InvariantCulture, $"{RowFunction.Name}({_number})");

    public int Width => _columns.Length;

    public void Describe(nint info)
    {
        foreach (var column in _columns)
        {
            using var type = VectorEncoder.For(column.Type).CreateType();
            NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, column.Name, type);
        }
    }

    /// <param name="columns">The columns of the chunks, by index; negative for one that holds nothing.</param>
    public StreamedScan Open(int[] columns)
    {
        var wanted = new bool[Width];
        foreach (var column in columns)
        {
            if (column >= 0)
                wanted[column] = true;
        }
        var encoders = columns
            .Select(column => column < 0 ? null : VectorEncoder.For(_columns[column].Type))
            .ToArray();
        var scan = new StreamedScan(_open([.. wanted]), columns, encoders);
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
