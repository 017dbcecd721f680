using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>One connection on the database. DuckDB's calls block, so each runs on a thread of the pool.</summary>
internal sealed class Session(DuckDBConnection connection, Redaction redaction) : ISession, IStreamedRows
{
    private readonly ConcurrentDictionary<StreamedTable, bool> _streamed = [];

    private readonly RepeatedInserts _inserts = new(redaction);

    private string? _commitForbidden;

    public bool InTransaction { get; private set; }

    /// <summary>Never: the engine is in this process.</summary>
    public bool IsLost => false;

    public IStreamedRows StreamedRows => this;

    public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        RunAsync(
            native =>
            {
                if (InTransaction)
                    return _inserts.Execute(native, sql);
                using var query = Query.Prepare(native, sql, redaction);
                return _streamed.IsEmpty ? query.Execute() : query.ExecuteAsRowsCome();
            },
            cancellationToken
        );

    public Task<RowSet> QueryAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
        RunAsync(native => ReadRows(native, sql, maxRows), cancellationToken);

    public async Task<RowSet> ReadAsync(string sql, int maxRows, CancellationToken cancellationToken)
    {
        // not one of ours: what it reads is never committed
        await ExecuteAsync("begin transaction read only", cancellationToken);
        try
        {
            return await RunAsync(
                native =>
                {
                    RefuseChanges(native, sql);
                    return ReadRows(native, sql, maxRows);
                },
                cancellationToken
            );
        }
        catch (EngineException e) when (Errors.IsReadOnly(e))
        {
            throw new EngineException(e.Error with { Kind = EngineErrorKind.ReadOnly, Hint = null }, e);
        }
        finally
        {
            await RollBackAsync();
        }
    }

    public Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    ) => Catalog.ListRelationsAsync(this, schemas, cancellationToken);

    public Task<ImmutableArray<string>> ListSchemasAsync(CancellationToken cancellationToken) =>
        Catalog.ListSchemasAsync(this, cancellationToken);

    public Task<ImmutableArray<ColumnSchema>> DescribeRelationAsync(
        RelationName relation,
        CancellationToken cancellationToken
    ) => DescribeQueryAsync($"select * from {DuckDbDialect.Instance.Quote(relation)}", cancellationToken);

    public Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(
        string sql,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            native =>
            {
                using var query = Query.Prepare(native, sql, redaction);
                return Schema(query);
            },
            cancellationToken
        );

    public Task<ImmutableArray<TransferColumn>> DescribeTransferAsync(
        string sql,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            native =>
            {
                using var query = Query.Prepare(native, sql, redaction);
                return Types.ToTransfer(query.Columns);
            },
            cancellationToken
        );

    public Task<IBatchReader> OpenReaderAsync(string sql, CancellationToken cancellationToken) =>
        BatchReader.OpenAsync(this, sql, redaction, cancellationToken);

    public Task<IBatchWriter> OpenWriterAsync(
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    ) => BatchWriter.OpenAsync(this, table, columns, redaction, cancellationToken);

    public ImmutableArray<ColumnMapping> MapColumns(ImmutableArray<TransferColumn> columns) =>
        [.. columns.Select(Types.FromTransfer)];

    public IStreamedTable Offer(
        ImmutableArray<TransferColumn> columns,
        Func<ImmutableArray<bool>, IBatchReader> open
    )
    {
        var table = new StreamedTable(columns, open, closed => _streamed.TryRemove(closed, out _));
        _streamed[table] = true;
        return table;
    }

    /// <summary>Nothing to be done: DuckDB passes over what cannot hold a key, and has no such choice.</summary>
    public Task<IAsyncDisposable?> PreferIndexesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(null);

    public async Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("begin transaction", cancellationToken);
        InTransaction = true;
        _inserts.Forget();
        _commitForbidden = null;
        return new Transaction(this);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_commitForbidden is { } reason)
            throw Errors.Of(EngineErrorKind.Other, $"the transaction cannot be committed: {reason}");
        // DuckDB answers the commit of an aborted transaction with a silent rollback; any other statement fails
        await ExecuteAsync("select 1", cancellationToken);
        await ExecuteAsync("commit", cancellationToken);
        InTransaction = false;
    }

    /// <summary>Leaves the running transaction nothing but a rollback.</summary>
    public void ForbidCommit(string reason) => _commitForbidden ??= reason;

    /// <summary>Ends a transaction that may be aborted, or gone already.</summary>
    public async Task RollBackAsync()
    {
        InTransaction = false;
        try
        {
            await ExecuteAsync("rollback", CancellationToken.None);
        }
        catch (EngineException e)
            when (e.Message.Contains("no transaction is active", StringComparison.Ordinal))
        {
            // the failed statement or commit has ended it: nothing is left to roll back
        }
    }

    public async ValueTask DisposeAsync() => await Task.Run(connection.Dispose);

    /// <summary>Runs blocking work of this session on another thread, interrupting it when cancelled.</summary>
    public async Task<T> RunAsync<T>(
        Func<DuckDBNativeConnection, T> work,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var native = connection.NativeConnection;
        await using var interruption = InterruptedBy(cancellationToken);
        try
        {
            return await Task.Run(() => work(native), CancellationToken.None);
        }
        catch (EngineException e) when (cancellationToken.IsCancellationRequested && Errors.IsInterrupt(e))
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (EngineException) when (FindReaderFailure() is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }

    /// <summary>Until it is disposed, cancelling the token interrupts the session's running statement.</summary>
    public IAsyncDisposable InterruptedBy(CancellationToken cancellationToken) =>
        new Interruption(connection.NativeConnection, cancellationToken);

    private Exception? FindReaderFailure() =>
        _streamed.Keys.Select(table => table.TakeFailure()).FirstOrDefault(failure => failure is not null);

    // copies write files and settings are the database's: a read-only transaction lets both pass
    private void RefuseChanges(DuckDBNativeConnection native, string sql)
    {
        using var query = Query.Prepare(native, sql, redaction);
        if (!query.IsSelect && !(query.IsExplain && !SqlShape.ExplainRuns(sql)))
            throw Errors.Of(EngineErrorKind.ReadOnly, "this is not a query");
    }

    private RowSet ReadRows(DuckDBNativeConnection native, string sql, int maxRows)
    {
        using var query = Query.Prepare(native, sql, redaction);
        var schema = Schema(query);
        if (Projection.For(query.Columns, PlainValues.CastFor) is not { } projection)
            return new RowSet(schema, ReadRows(query, maxRows, out var isTruncated), isTruncated);
        if (!query.IsSelect)
            throw Errors.Of(
                EngineErrorKind.Unsupported,
                "this statement gives lists, structs or intervals, which only a select can be asked for",
                "cast them to varchar"
            );
        using var cast = Query.Prepare(
            native,
            SqlShape.WithoutTerminator(sql),
            redaction,
            projection.Prefix,
            projection.Suffix
        );
        return new RowSet(schema, ReadRows(cast, maxRows, out var more), more);
    }

    private static ImmutableArray<object?[]> ReadRows(Query query, int maxRows, out bool isTruncated)
    {
        var rows = ImmutableArray.CreateBuilder<object?[]>();
        query.Start();
        while (query.Fetch() is { } chunk)
        {
            using (chunk)
            {
                var wanted = maxRows - rows.Count;
                var count = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
                AppendRows(rows, query.Columns, chunk, Math.Min(count, wanted));
                if (count > wanted)
                {
                    isTruncated = true;
                    return rows.ToImmutable();
                }
            }
        }
        isTruncated = false;
        return rows.ToImmutable();
    }

    private static unsafe void AppendRows(
        ImmutableArray<object?[]>.Builder rows,
        ImmutableArray<(string Name, ColumnType Type)> columns,
        DuckDBDataChunk chunk,
        int count
    )
    {
        var first = rows.Count;
        for (var row = 0; row < count; row++)
            rows.Add(new object?[columns.Length]);
        for (var column = 0; column < columns.Length; column++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
            var data = NativeMethods.Vectors.DuckDBVectorGetData(vector);
            var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
            for (var row = 0; row < count; row++)
                rows[first + row][column] = PlainValues.Read(columns[column].Type, data, validity, row);
        }
    }

    private static ImmutableArray<ColumnSchema> Schema(Query query) =>
        [.. query.Columns.Select(column => new ColumnSchema(column.Name, column.Type.ToString()))];
}
