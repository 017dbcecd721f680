using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>Batches that a reader hands out and gets back.</summary>
public sealed class BatchPool(Func<ColumnBatch> create)
{
    private readonly ConcurrentBag<ColumnBatch> _free = [];

    public BatchPool(ImmutableArray<TransferColumn> columns)
        : this(() => ColumnBatch.Create(columns)) { }

    public ColumnBatch Take() => _free.TryTake(out var batch) ? batch : create();

    public void Return(ColumnBatch batch)
    {
        batch.Count = 0;
        _free.Add(batch);
    }
}
