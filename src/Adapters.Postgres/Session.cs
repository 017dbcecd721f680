using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

internal sealed class Session(
    NpgsqlDataSource source,
    NpgsqlConnection connection,
    Options options,
    Redaction redaction,
    LockPatience patience
) : ISession
{
    // asked for once: Npgsql has no answer when the connection is lost
    private readonly int _processId = connection.ProcessID;
    private bool _inTransaction;

    public bool IsLost => !connection.FullState.HasFlag(ConnectionState.Open);

    public IStreamedRows? StreamedRows => null;

    /// <summary>Whether a statement has failed since the transaction began.</summary>
    public bool HasFailed { get; private set; }

    public NpgsqlConnection Connection => connection;

    public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        // Npgsql refuses to send nothing
        string.IsNullOrWhiteSpace(sql)
            ? Task.FromResult(-1L)
            : RunAsync(() => CountChangesAsync(sql), cancellationToken, sql);

    public Task<RowSet> QueryAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
        RunAsync(() => ReadRowsAsync(sql, maxRows), cancellationToken, sql);

    public async Task<RowSet> ReadAsync(string sql, int maxRows, CancellationToken cancellationToken)
    {
        // not one of ours: reading may stop in its middle, as nothing of it is committed
        await ExecuteAsync("begin read only", cancellationToken);
        try
        {
            await RunAsync(() => RefuseChangesAsync(sql), cancellationToken, sql);
            return await QueryAsync(sql, maxRows, cancellationToken);
        }
        catch (EngineException e) when (e.Error.Code == Errors.ReadOnly)
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
    ) => Catalog.DescribeRelationAsync(this, relation, cancellationToken);

    public Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(
        string sql,
        CancellationToken cancellationToken
    ) => Catalog.DescribeQueryAsync(this, sql, cancellationToken);

    public async Task<ImmutableArray<TransferColumn>> DescribeTransferAsync(
        string sql,
        CancellationToken cancellationToken
    ) => (await TransferQuery.PrepareAsync(this, sql, cancellationToken)).Columns;

    public Task<IBatchReader> OpenReaderAsync(string sql, CancellationToken cancellationToken) =>
        BatchReader.OpenAsync(this, sql, cancellationToken);

    public Task<IBatchWriter> OpenWriterAsync(
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    ) => BatchWriter.OpenAsync(this, table, columns, cancellationToken);

    public ImmutableArray<ColumnMapping> MapColumns(ImmutableArray<TransferColumn> columns) =>
        [.. columns.Select(Types.FromTransfer)];

    public async Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var milliseconds = await patience.NextAsync(this, cancellationToken);
        await ExecuteAsync("begin", cancellationToken);
        HasFailed = false;
        _inTransaction = true;
        var transaction = new Transaction(this);
        try
        {
            await ExecuteAsync(
                $"select set_config('lock_timeout', '{milliseconds}', true), {IndexCosts.Prefer(isLocal: true)}",
                cancellationToken
            );
            return transaction;
        }
        catch
        {
            // nobody else has it yet
            await transaction.DisposeAsync();
            throw;
        }
    }

    public async Task<IAsyncDisposable?> PreferIndexesAsync(CancellationToken cancellationToken) =>
        // a transaction does from its beginning
        _inTransaction ? null : await IndexCosts.SetAsync(this, cancellationToken);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        // the server answers the commit of an aborted transaction with a silent rollback; any other statement fails
        if (HasFailed)
            await ExecuteAsync("select 1", cancellationToken);
        await ExecuteAsync("commit", cancellationToken);
        _inTransaction = false;
    }

    public async Task RollBackAsync()
    {
        _inTransaction = false;
        // a lost connection has rolled back already; a rollback without a transaction is only a warning
        if (!IsLost)
            await ExecuteAsync("rollback", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>The columns of a query's result, from parsing it only.</summary>
    public Task<ImmutableArray<ResultColumn>> DescribeAsync(
        string sql,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async () =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await using var reader = await command.ExecuteReaderAsync(
                    CommandBehavior.SchemaOnly,
                    CancellationToken.None
                );
                return ResultColumn.Of(reader);
            },
            cancellationToken,
            sql
        );

    /// <summary>Runs work on the connection, cancelling it on the server when asked to; its errors become ours.</summary>
    /// <param name="sql">The caller's statement, which error positions refer to.</param>
    /// <param name="prefixLength">Characters that were sent in front of it.</param>
    public async Task<T> RunAsync<T>(
        Func<Task<T>> work,
        CancellationToken cancellationToken,
        string? sql = null,
        int prefixLength = 0
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsLost)
            throw Errors.Lost(options, redaction);
        await using var interruption = new Interruption(source, _processId, cancellationToken);
        try
        {
            return await work();
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && Errors.IsCancellation(e))
        {
            HasFailed = true;
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (NotSupportedException e) when (e.Source == "Npgsql")
        {
            throw Errors.Of(
                EngineErrorKind.Statement,
                "several statements where one is expected",
                "write one statement; hooks take a list"
            );
        }
        catch (Exception e) when (Errors.IsEngines(e))
        {
            HasFailed = true;
            if (e is PostgresException { SqlState: LockPatience.TimedOut })
                patience.Lose();
            throw Errors.From(e, options, redaction, sql, prefixLength);
        }
    }

    /// <summary>Ends a copy before its time; a transaction around it is then good for a rollback only.</summary>
    /// <param name="interrupt">Whether the server must be told: it would go on sending.</param>
    public async Task AbandonAsync(Func<Task> end, bool interrupt)
    {
        HasFailed = true;
        await using var interruption = new Interruption(source, _processId, new CancellationToken(interrupt));
        try
        {
            await end();
        }
        catch (Exception e) when (Errors.IsEngines(e) || e is OperationCanceledException)
        {
            // the copy was to fail; a connection that is lost shows with the next statement
        }
    }

    private async Task<long> CountChangesAsync(string sql)
    {
        // unlike a command, a batch never splits its text into several statements
        var statement = new NpgsqlBatchCommand(sql);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { statement } };
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var givesRows = reader.FieldCount > 0;
        await reader.NextResultAsync(CancellationToken.None);
        // "create table as" answers like a select, but gives no rows
        if (statement.StatementType == Npgsql.StatementType.Select)
            return givesRows ? -1 : checked((long)statement.Rows);
        return reader.RecordsAffected;
    }

    /// <summary>
    /// Has the server parse a text, and not run it. It refuses several statements: one that ends the transaction could otherwise be
    /// followed by anything. Copies and settings, which a transaction that only reads lets pass, give no columns.
    /// </summary>
    private async Task<bool> RefuseChangesAsync(string sql)
    {
        // unlike a command, a batch never splits its text into several statements
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(sql) },
        };
        await using var reader = await batch.ExecuteReaderAsync(
            CommandBehavior.SchemaOnly,
            CancellationToken.None
        );
        if (reader.FieldCount == 0)
            throw Errors.Of(EngineErrorKind.ReadOnly, "this is not a query");
        return true;
    }

    private async Task<RowSet> ReadRowsAsync(string sql, int maxRows)
    {
        // text for every type: also for those that Npgsql, or the CLR, cannot hold
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var columns = ResultColumn.Of(reader);
        var rows = ImmutableArray.CreateBuilder<object?[]>();
        var isTruncated = false;
        while (await reader.ReadAsync(CancellationToken.None))
        {
            if (rows.Count == maxRows)
            {
                isTruncated = true;
                await StopAsync(command, reader);
                break;
            }
            var row = new object?[columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : PlainValues.Parse(columns[i].Oid, reader.GetString(i));
            rows.Add(row);
        }
        var schema = columns.Select(column => new ColumnSchema(column.Name, column.Type));
        return new RowSet([.. schema], rows.ToImmutable(), isTruncated);
    }

    /// <summary>Spares the server the rest of a result; within a transaction that would abort it, so there the rest is read.</summary>
    private async Task StopAsync(NpgsqlCommand command, NpgsqlDataReader reader)
    {
        if (_inTransaction)
            return;
        command.Cancel();
        try
        {
            await reader.DisposeAsync();
        }
        catch (PostgresException e) when (Errors.IsCancellation(e))
        {
            // what was asked for
        }
    }
}
