namespace Strata.Runner.Adapters.Bulk;

/// <summary>A running bulk load. Disposing without <see cref="CompleteAsync"/> loads nothing.</summary>
public interface IBatchWriter : IAsyncDisposable
{
    ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken);

    /// <returns>The number of rows loaded.</returns>
    ValueTask<long> CompleteAsync(CancellationToken cancellationToken);
}
