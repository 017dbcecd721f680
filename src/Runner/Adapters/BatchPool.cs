using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>Batches that a reader hands out and gets back.</summary>
public sealed class BatchPool(ImmutableArray<TransferColumn> columns)
{
    private readonly ConcurrentBag<ColumnBatch> _free = [];

    public ColumnBatch Take() => _free.TryTake(out var batch) ? batch : ColumnBatch.Create(columns);

    public void Return(ColumnBatch batch)
    {
        batch.Count = 0;
        _free.Add(batch);
    }
}
