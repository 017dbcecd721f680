using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Statements;

/// <summary>A bulk read that is in the log once its rows have come, or nobody wants more of them.</summary>
internal sealed class LoggedReader(IBatchReader inner, RunningStatement running) : IBatchReader
{
    private long _rows;

    public ImmutableArray<TransferColumn> Columns => inner.Columns;

    public async ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        var batch = await running.CallAsync(() => inner.ReadAsync(cancellationToken).AsTask());
        if (batch is null)
            running.End(_rows);
        else
            _rows += batch.Count;
        return batch;
    }

    public void Recycle(ColumnBatch batch) => inner.Recycle(batch);

    public async ValueTask DisposeAsync()
    {
        await running.CallAsync(async () =>
        {
            await inner.DisposeAsync();
            return true;
        });
        running.End(_rows, "not read to its end");
    }
}
