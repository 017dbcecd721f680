using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>Batches that a reader hands out and gets back.</summary>
public sealed class BatchPool(Func<ColumnBatch> create)
{
    private readonly ConcurrentBag<ColumnBatch> _free = [];

    public BatchPool(ImmutableArray<TransferColumn> columns)
        : this(() => ColumnBatch.Create(columns)) { }

    /// <summary>A batch without rows, all of its values null.</summary>
    public ColumnBatch Take()
    {
        var batch = _free.TryTake(out var known) ? known : create();
        batch.Count = 0;
        foreach (var column in batch.Columns)
            column.Clear();
        return batch;
    }

    public void Return(ColumnBatch batch) => _free.Add(batch);
}
