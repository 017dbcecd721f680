using System.Collections.Immutable;
using System.Text;
using DuckDB.NET.Native;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>
/// One prepared statement: its columns are known before it runs, and it runs once. Every method blocks, so a
/// session calls them off its caller's thread.
/// </summary>
internal sealed class Query : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly string _sql;
    private readonly int _prefixBytes;
    private readonly Redaction _redaction;
    private readonly DuckDBPreparedStatement? _statement;
    private DuckDBResult _result;
    private bool _hasResult;

    private Query(string sql, int prefixBytes, Redaction redaction, DuckDBPreparedStatement? statement)
    {
        _sql = sql;
        _prefixBytes = prefixBytes;
        _redaction = redaction;
        _statement = statement;
        Columns = statement is null ? [] : ReadColumns(statement);
    }

    /// <summary>Empty for a statement that gives no rows.</summary>
    public ImmutableArray<(string Name, ColumnType Type)> Columns { get; }

    /// <summary>Whether the statement can stand in a FROM clause.</summary>
    public bool IsSelect =>
        _statement is not null && NativeCalls.StatementType(_statement) == NativeCalls.SelectStatement;

    /// <summary>Whether the statement tells how another would run.</summary>
    public bool IsExplain =>
        _statement is not null && NativeCalls.StatementType(_statement) == NativeCalls.ExplainStatement;

    /// <summary>Whether the statement adds rows to a table.</summary>
    public bool AddsRows =>
        _statement is not null
        && NativeCalls.StatementType(_statement)
            is NativeCalls.InsertStatement
                or NativeCalls.CreateStatement
                or NativeCalls.CopyStatement;

    /// <summary>Whether the statement is an insert that does not say already what it gives back.</summary>
    public bool CanReturnRows =>
        _statement is not null
        && NativeCalls.StatementType(_statement) == NativeCalls.InsertStatement
        && Columns is [("Count", _)];

    /// <summary>Whether the statement copies rows from a file, or to one.</summary>
    public bool IsCopy =>
        _statement is not null && NativeCalls.StatementType(_statement) == NativeCalls.CopyStatement;

    /// <summary>Parses and binds one statement; text of blanks and comments only becomes a query that does nothing.</summary>
    /// <param name="prefix">Text of ours in front of the caller's, which error positions leave out.</param>
    public static Query Prepare(
        DuckDBNativeConnection connection,
        string sql,
        Redaction redaction,
        string prefix = "",
        string suffix = ""
    )
    {
        var prefixBytes = Encoding.UTF8.GetByteCount(prefix);
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(
            connection,
            prefix + sql + suffix,
            out var statements
        );
        using (statements)
        {
            if (count == 0)
            {
                var error = NativeMethods.ExtractStatements.DuckDBExtractStatementsError(statements);
                return string.IsNullOrEmpty(error)
                    ? new Query(sql, prefixBytes, redaction, null)
                    : throw Errors.From(error, redaction, sql, prefixBytes);
            }
            if (count > 1)
                throw Errors.Of(
                    EngineErrorKind.Statement,
                    $"{count} statements where one is expected",
                    "write one statement; hooks take a list"
                );
            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(
                connection,
                statements,
                0,
                out var statement
            );
            if (!state.IsSuccess())
            {
                using (statement)
                {
                    var error = NativeMethods.PreparedStatements.DuckDBPrepareError(statement);
                    throw Errors.From(error, redaction, sql, prefixBytes);
                }
            }
            return new Query(sql, prefixBytes, redaction, statement);
        }
    }

    /// <summary>Runs the statement to its end.</summary>
    /// <returns>The number of rows changed; -1 where the statement changes none by nature.</returns>
    public long Execute()
    {
        if (_statement is null)
            return -1;
        var state = NativeMethods.PreparedStatements.DuckDBExecutePrepared(_statement, out _result);
        _hasResult = true;
        ThrowOnError(state);
        return CountChanges();
    }

    /// <summary>
    /// As <see cref="Execute"/>, for a statement that reads rows which are yet to come. Where another thread does the work, this one
    /// sleeps; DuckDB itself would look for work without a pause, and take a processor for it.
    /// </summary>
    public long ExecuteAsRowsCome()
    {
        if (_statement is null)
            return -1;
        var state = NativeCalls.PendingPrepared(_statement, out var pending);
        try
        {
            if (state.IsSuccess())
                WorkUntilDone(pending);
            state = NativeCalls.ExecutePending(pending, out _result);
            _hasResult = true;
        }
        finally
        {
            NativeCalls.DestroyPending(ref pending);
        }
        ThrowOnError(state);
        return CountChanges();
    }

    private static void WorkUntilDone(nint pending)
    {
        using var never = new ManualResetEventSlim(false, spinCount: 0);
        while (true)
        {
            switch (NativeCalls.ExecuteTask(pending))
            {
                case NativeCalls.ResultReady:
                case NativeCalls.ResultFailed:
                    return;
                case NativeCalls.NoTasksAvailable:
                    never.Wait(Pause);
                    break;
            }
        }
    }

    private long CountChanges() =>
        NativeMethods.Query.DuckDBResultReturnType(_result) switch
        {
            DuckDBResultType.ChangedRows => NativeMethods.Query.DuckDBRowsChanged(ref _result),
            // "create table as" gives its count as a row
            DuckDBResultType.Nothing when Columns is [("Count", { Id: DuckDBType.BigInt }), ..] =>
                ReadCount(),
            _ => -1,
        };

    /// <summary>Starts the statement; its rows are computed as they are fetched.</summary>
    public void Start()
    {
        if (_statement is null)
            return;
        var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(_statement, out _result);
        _hasResult = true;
        ThrowOnError(state);
    }

    /// <summary>The next rows, or null at the end.</summary>
    public DuckDBDataChunk? Fetch()
    {
        if (!_hasResult)
            return null;
        var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (!chunk.IsInvalid)
            return chunk;
        chunk.Dispose();
        var error = NativeMethods.Query.DuckDBResultError(ref _result);
        return string.IsNullOrEmpty(error) ? null : throw Errors.From(error, _redaction, _sql, _prefixBytes);
    }

    /// <summary>Runs the statement to its end and counts the rows that it gives.</summary>
    public long CountRows()
    {
        var rows = 0L;
        Start();
        while (Fetch() is { } chunk)
        {
            using (chunk)
                rows += (long)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
        }
        return rows;
    }

    public void Dispose()
    {
        if (_hasResult)
            _result.Close();
        _statement?.Dispose();
    }

    private void ThrowOnError(DuckDBState state)
    {
        if (!state.IsSuccess())
            throw Errors.From(
                NativeMethods.Query.DuckDBResultError(ref _result),
                _redaction,
                _sql,
                _prefixBytes
            );
    }

    private unsafe long ReadCount()
    {
        using var chunk = Fetch();
        if (chunk is null || NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk) == 0)
            return -1;
        var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, 0);
        return *(long*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
    }

    private static ImmutableArray<(string, ColumnType)> ReadColumns(DuckDBPreparedStatement statement)
    {
        var count = NativeCalls.ColumnCount(statement);
        var columns = ImmutableArray.CreateBuilder<(string, ColumnType)>((int)count);
        for (var i = 0UL; i < count; i++)
        {
            using var type = NativeCalls.ColumnType(statement, i);
            columns.Add((NativeCalls.ColumnName(statement, i), ColumnType.Read(type)));
        }
        return columns.MoveToImmutable();
    }
}
