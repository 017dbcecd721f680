using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Transfers;

/// <summary>The loads of one transfer that have begun; those that are not complete in the end load nothing.</summary>
internal sealed class OpenWriters(RelationName table, ImmutableArray<TransferColumn> columns)
    : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<IBatchWriter> _writers = [];

    public ImmutableArray<IBatchWriter> All
    {
        get
        {
            lock (_lock)
                return [.. _writers];
        }
    }

    public async Task<IBatchWriter> OpenAsync(ISession session, CancellationToken cancellationToken)
    {
        var writer = await session.OpenWriterAsync(table, columns, cancellationToken);
        lock (_lock)
            _writers.Add(writer);
        return writer;
    }

    public async ValueTask DisposeAsync()
    {
        // each, whatever becomes of the others: one that is left open waits for rows
        ExceptionDispatchInfo? first = null;
        foreach (var writer in All)
        {
            try
            {
                await writer.DisposeAsync();
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        first?.Throw();
    }
}
