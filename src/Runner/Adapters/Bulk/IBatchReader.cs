using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Bulk;

public interface IBatchReader : IAsyncDisposable
{
    ImmutableArray<TransferColumn> Columns { get; }

    /// <summary>The next batch, or null at the end. The batch is the caller's until it recycles it.</summary>
    ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives a batch back for reuse, from any thread; its values are then undefined. A batch that is not given
    /// back costs a new allocation, nothing else.
    /// </summary>
    void Recycle(ColumnBatch batch);
}
