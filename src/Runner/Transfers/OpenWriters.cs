using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

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
        foreach (var writer in All)
            await writer.DisposeAsync();
    }
}
