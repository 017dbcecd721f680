using System.Collections.Immutable;
using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>The chunks of a streaming result, one batch each; DuckDB computes them as they are asked for.</summary>
internal sealed class BatchReader : IBatchReader
{
    private readonly Session _session;
    private readonly Query _query;
    private readonly BatchPool _pool;
    private readonly ImmutableArray<VectorDecoder> _decoders;
    private DuckDBDataChunk? _chunk;
    private int _next;

    private BatchReader(Session session, Query query, ImmutableArray<TransferColumn> columns)
    {
        _session = session;
        _query = query;
        _pool = new BatchPool(columns);
        _decoders = [.. query.Columns.Select(column => VectorDecoder.For(column.Type))];
        Columns = columns;
    }

    public ImmutableArray<TransferColumn> Columns { get; }

    public static Task<IBatchReader> OpenAsync(
        Session session,
        string sql,
        Redaction redaction,
        CancellationToken cancellationToken
    ) =>
        session.RunAsync<IBatchReader>(
            native =>
            {
                var query = Prepare(native, sql, redaction, out var columns);
                try
                {
                    query.Start();
                    return new BatchReader(session, query, columns);
                }
                catch
                {
                    query.Dispose();
                    throw;
                }
            },
            cancellationToken
        );

    public async ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken) =>
        await _session.RunAsync(_ => Read(), cancellationToken);

    public void Recycle(ColumnBatch batch) => _pool.Return(batch);

    public async ValueTask DisposeAsync() =>
        await Task.Run(() =>
        {
            _chunk?.Dispose();
            _query.Dispose();
        });

    private ColumnBatch? Read()
    {
        _chunk ??= _query.Fetch();
        if (_chunk is not { } chunk)
            return null;
        var rest = checked((int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk)) - _next;
        var vectors = new nint[_decoders.Length];
        var count = rest;
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, i);
            // a chunk of long texts is more than a batch
            count = _decoders[i].CountWithin(vectors[i], _next, count, Utf8Vector.BytesPerBatch);
        }
        var batch = _pool.Take();
        for (var i = 0; i < vectors.Length; i++)
            _decoders[i].Decode(vectors[i], batch.Columns[i], _next, count);
        batch.Count = count;
        _next += count;
        if (count == rest)
        {
            chunk.Dispose();
            (_chunk, _next) = (null, 0);
        }
        return batch;
    }

    private static Query Prepare(
        DuckDBNativeConnection native,
        string sql,
        Redaction redaction,
        out ImmutableArray<TransferColumn> columns
    )
    {
        var query = Query.Prepare(native, sql, redaction);
        columns = Types.ToTransfer(query.Columns);
        var projection = Projection.For(query.Columns, Types.CastFor);
        var unsupported = columns.FirstOrDefault(column => column.Type.Kind == TransferKind.Unsupported);
        if (projection is null && unsupported is null)
            return query;
        query.Dispose();
        if (unsupported is not null)
            throw Errors.Of(
                EngineErrorKind.Unsupported,
                $"column '{unsupported.Name}' is of type {unsupported.SourceType}, which cannot leave duckdb",
                $"cast {unsupported.Name} to varchar"
            );
        var (prefix, suffix) = (projection?.Prefix ?? "", projection?.Suffix ?? "");
        return Query.Prepare(native, SqlShape.WithoutTerminator(sql), redaction, prefix, suffix);
    }
}
