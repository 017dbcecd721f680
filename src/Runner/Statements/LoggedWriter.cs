using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Statements;

/// <summary>A bulk load that is in the log once it is complete, or was given up.</summary>
internal sealed class LoggedWriter(IBatchWriter inner, RunningStatement running) : IBatchWriter
{
    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken) =>
        await running.CallAsync(async () =>
        {
            await inner.WriteAsync(batch, cancellationToken);
            return true;
        });

    public async ValueTask<long> CompleteAsync(CancellationToken cancellationToken)
    {
        var rows = await running.CallAsync(() => inner.CompleteAsync(cancellationToken).AsTask());
        running.End(rows);
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await running.CallAsync(async () =>
        {
            await inner.DisposeAsync();
            return true;
        });
        running.End(null, "given up");
    }
}
