using System.Collections.Immutable;
using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// Fills data chunks by column type and appends them whole. (Appending single values takes the CLR type for
/// the column's, and silently stores other numbers where they differ.) Outside of a transaction of the
/// caller's the load is one of its own: the appender flushes now and then, and half a load must not stay.
/// </summary>
internal sealed class BatchWriter : IBatchWriter
{
    private readonly Session _session;
    private readonly Redaction _redaction;
    private readonly DuckDBAppender _appender;
    private readonly DuckDBDataChunk _chunk;
    private readonly ImmutableArray<VectorEncoder> _encoders;
    private readonly ISessionTransaction? _transaction;
    private long _rows;
    private bool _isComplete;

    private BatchWriter(
        Session session,
        Redaction redaction,
        DuckDBAppender appender,
        DuckDBDataChunk chunk,
        ImmutableArray<VectorEncoder> encoders,
        ISessionTransaction? transaction
    )
    {
        _session = session;
        _redaction = redaction;
        _appender = appender;
        _chunk = chunk;
        _encoders = encoders;
        _transaction = transaction;
    }

    public static async Task<IBatchWriter> OpenAsync(
        Session session,
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        Redaction redaction,
        CancellationToken cancellationToken
    )
    {
        var transaction = session.InTransaction ? null : await session.BeginAsync(cancellationToken);
        try
        {
            return await session.RunAsync(
                native => Open(session, native, table, columns, redaction, transaction),
                cancellationToken
            );
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            throw;
        }
    }

    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken) =>
        await _session.RunAsync(
            _ =>
            {
                for (var first = 0; first < batch.Count; first += ColumnBatch.Capacity)
                    Append(batch, first, Math.Min(ColumnBatch.Capacity, batch.Count - first));
                return 0;
            },
            cancellationToken
        );

    public async ValueTask<long> CompleteAsync(CancellationToken cancellationToken)
    {
        await _session.RunAsync(
            _ =>
            {
                Check(NativeMethods.Appender.DuckDBAppenderClose(_appender));
                return 0;
            },
            cancellationToken
        );
        if (_transaction is not null)
            await _transaction.CommitAsync(cancellationToken);
        _isComplete = true;
        return _rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(() =>
        {
            // what is not flushed yet need not be
            if (!_isComplete)
                NativeMethods.Appender.DuckDBAppenderClear(_appender);
            _appender.Dispose();
            _chunk.Dispose();
        });
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        else if (!_isComplete)
            _session.ForbidCommit("a bulk load within it was given up half-way");
    }

    private void Append(ColumnBatch batch, int first, int count)
    {
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        for (var i = 0; i < _encoders.Length; i++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i);
            _encoders[i].Encode(batch.Columns[i], first, count, vector, 0);
        }
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)count);
        Check(NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk));
        _rows += count;
    }

    private static IBatchWriter Open(
        Session session,
        DuckDBNativeConnection native,
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        Redaction redaction,
        ISessionTransaction? transaction
    )
    {
        var state = NativeMethods.Appender.DuckDBAppenderCreateExt(
            native,
            table.Catalog,
            table.Schema,
            table.Name,
            out var appender
        );
        try
        {
            CheckTarget(state, appender, redaction);
            foreach (var column in columns)
                CheckTarget(NativeCalls.AppenderAddColumn(appender, column.Name), appender, redaction);
            ImmutableArray<VectorEncoder> encoders =
            [
                .. columns.Select(column => VectorEncoder.For(column.Type)),
            ];
            var chunk = CreateChunk(encoders);
            return new BatchWriter(session, redaction, appender, chunk, encoders, transaction);
        }
        catch
        {
            appender.Dispose();
            throw;
        }
    }

    private static DuckDBDataChunk CreateChunk(ImmutableArray<VectorEncoder> encoders)
    {
        var types = encoders.Select(encoder => encoder.CreateType()).ToArray();
        try
        {
            var handles = types.Select(type => type.DangerousGetHandle()).ToArray();
            return NativeMethods.DataChunks.DuckDBCreateDataChunk(handles, (ulong)handles.Length);
        }
        finally
        {
            foreach (var type in types)
                type.Dispose();
        }
    }

    // an unknown table or column; DuckDB gives these errors no type
    private static void CheckTarget(DuckDBState state, DuckDBAppender appender, Redaction redaction)
    {
        try
        {
            Check(state, appender, redaction);
        }
        catch (EngineException e) when (e.Error.Kind == EngineErrorKind.Other)
        {
            throw new EngineException(e.Error with { Kind = EngineErrorKind.Statement }, e);
        }
    }

    private void Check(DuckDBState state) => Check(state, _appender, _redaction);

    private static void Check(DuckDBState state, DuckDBAppender appender, Redaction redaction)
    {
        if (state.IsSuccess())
            return;
        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(appender);
        throw Errors.From(error.Message, redaction);
    }
}
