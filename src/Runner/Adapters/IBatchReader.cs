using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

public interface IBatchReader : IAsyncDisposable
{
    ImmutableArray<TransferColumn> Columns { get; }

    /// <summary>The next batch, or null at the end. The batch is valid until the next call.</summary>
    ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken);
}
