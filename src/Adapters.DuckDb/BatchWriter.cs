using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// One insert that reads the batches as they come. (DuckDB's appender collects rows before it inserts them, which copies them once more, and while
/// they are inserted its caller takes a processor to wait.) Outside of a transaction of the caller's the load is one of its own.
/// </summary>
internal sealed class BatchWriter : IBatchWriter
{
    private readonly Session _session;
    private readonly RowFeed _feed;
    private readonly Task<long> _inserting;
    private readonly ISessionTransaction? _transaction;
    private long _rows;
    private bool _isComplete;

    private BatchWriter(Session session, RowFeed feed, Task<long> inserting, ISessionTransaction? transaction)
    {
        _session = session;
        _feed = feed;
        _inserting = inserting;
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
        var feed = new RowFeed(columns);
        Query? query = null;
        try
        {
            var sql = Insert(table, columns, feed);
            // a transaction that may have added to the table already: see RepeatedInserts; slower, and nobody does it whose rows are many
            var suffix = transaction is null ? "\nreturning 1" : "";
            var prepared = query = await session.RunAsync(
                native => Query.Prepare(native, sql, redaction, suffix: suffix),
                cancellationToken
            );
            // not a thread of the pool, which would be one less for the whole load
            var inserting = Task.Factory.StartNew(
                () => Insert(prepared, isReturning: transaction is null),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            return new BatchWriter(session, feed, inserting, transaction);
        }
        catch
        {
            query?.Dispose();
            feed.Dispose();
            if (transaction is not null)
                await transaction.DisposeAsync();
            throw;
        }
    }

    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var taken = _feed.GiveAsync(batch);
        await using (cancellationToken.Register(_feed.Abandon))
            await Task.WhenAny(taken, _inserting);
        // a value that cannot be stored says so itself; the statement only tells that something was thrown
        if (taken.IsCompleted)
            await taken;
        else
            await FailAsync(cancellationToken);
        _rows += batch.Count;
    }

    public async ValueTask<long> CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _feed.Complete();
        long rows;
        await using (_session.InterruptedBy(cancellationToken))
        {
            try
            {
                rows = await _inserting;
            }
            catch (EngineException e)
                when (cancellationToken.IsCancellationRequested && Errors.IsInterrupt(e))
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
        }
        if (rows != _rows)
            throw Errors.Of(EngineErrorKind.Other, $"{_rows} rows were loaded, of which {rows} arrived");
        if (_transaction is not null)
            await _transaction.CommitAsync(cancellationToken);
        _isComplete = true;
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _feed.Abandon();
        await ((Task)_inserting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _feed.Dispose();
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        else if (!_isComplete)
            _session.ForbidCommit("a bulk load within it was given up half-way");
    }

    /// <summary>The insert has ended before its rows have.</summary>
    private async Task FailAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _inserting;
        }
        catch (EngineException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        throw Errors.Of(EngineErrorKind.Other, "a load ended before its rows did");
    }

    private static string Insert(RelationName table, ImmutableArray<TransferColumn> columns, RowFeed feed)
    {
        var dialect = DuckDbDialect.Instance;
        var names = string.Join(", ", columns.Select(column => dialect.QuoteIdentifier(column.Name)));
        return $"insert into {dialect.Quote(table)} ({names}) from {feed.Expression}";
    }

    private static long Insert(Query query, bool isReturning)
    {
        using (query)
            return isReturning ? query.CountRows() : query.ExecuteAsRowsCome();
    }
}
