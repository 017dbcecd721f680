using System.Collections.Immutable;
using System.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Tests.Support;

/// <summary>A statement of a run, in the order in which they began.</summary>
/// <param name="Session">Counted from 0.</param>
/// <param name="IsAsked">It was prepared for its columns, and did not run.</param>
internal sealed record RecordedStatement(int Session, string Sql, bool IsAsked)
{
    public TimeSpan Elapsed { get; set; }
}

/// <summary>Everything that a run sends to its engine; of the reading of the catalog, only how long it took.</summary>
internal sealed class Recorder
{
    private readonly Lock _lock = new();
    private readonly List<RecordedStatement> _statements = [];
    private int _sessions;

    public ImmutableArray<RecordedStatement> Statements => [.. _statements];

    public TimeSpan Catalog { get; private set; }

    public IAdapter Around(IAdapter adapter) => new RecordingAdapter(adapter, this);

    private async Task<T> RecordAsync<T>(int session, string sql, bool isAsked, Func<Task<T>> run)
    {
        var recorded = new RecordedStatement(session, sql, isAsked);
        lock (_lock)
            _statements.Add(recorded);
        var start = Stopwatch.GetTimestamp();
        try
        {
            return await run();
        }
        finally
        {
            recorded.Elapsed = Stopwatch.GetElapsedTime(start);
        }
    }

    private async Task<T> RecordCatalogAsync<T>(Func<Task<T>> run)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await run();
        lock (_lock)
            Catalog += Stopwatch.GetElapsedTime(start);
        return result;
    }

    private sealed class RecordingAdapter(IAdapter inner, Recorder recorder) : IAdapter
    {
        public string Connection => inner.Connection;

        public SqlDialect Dialect => inner.Dialect;

        public AdapterCapabilities Capabilities => inner.Capabilities;

        public bool IsThere => inner.IsThere;

        public int MaxConcurrency => inner.MaxConcurrency;

        public async Task<ISession> OpenSessionAsync(CancellationToken cancellationToken) =>
            new RecordingSession(
                await inner.OpenSessionAsync(cancellationToken),
                recorder,
                Interlocked.Increment(ref recorder._sessions) - 1
            );

        public Task<IStateLock?> TryLockStateAsync(string runId, CancellationToken cancellationToken) =>
            inner.TryLockStateAsync(runId, cancellationToken);

        public Task<ConnectionReport> CheckAsync(CancellationToken cancellationToken) =>
            inner.CheckAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class RecordingSession(ISession inner, Recorder recorder, int number) : ISession
    {
        public bool IsLost => inner.IsLost;

        public IStreamedRows? StreamedRows => inner.StreamedRows;

        public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
            recorder.RecordAsync(number, sql, false, () => inner.ExecuteAsync(sql, cancellationToken));

        public Task<RowSet> QueryAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
            recorder.RecordAsync(number, sql, false, () => inner.QueryAsync(sql, maxRows, cancellationToken));

        public Task<RowSet> ReadAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
            inner.ReadAsync(sql, maxRows, cancellationToken);

        public Task<ImmutableArray<ColumnSchema>> DescribeRelationAsync(
            RelationName relation,
            CancellationToken cancellationToken
        ) =>
            recorder.RecordAsync(
                number,
                $"select * from {DuckDbDialect.Instance.Quote(relation)}",
                true,
                () => inner.DescribeRelationAsync(relation, cancellationToken)
            );

        public Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(
            string sql,
            CancellationToken cancellationToken
        ) => recorder.RecordAsync(number, sql, true, () => inner.DescribeQueryAsync(sql, cancellationToken));

        public async Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken) =>
            new RecordingTransaction(
                await recorder.RecordAsync(number, "begin", false, () => inner.BeginAsync(cancellationToken)),
                recorder,
                number
            );

        public Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
            IReadOnlyCollection<string> schemas,
            CancellationToken cancellationToken
        ) => recorder.RecordCatalogAsync(() => inner.ListRelationsAsync(schemas, cancellationToken));

        public Task<ImmutableArray<string>> ListSchemasAsync(CancellationToken cancellationToken) =>
            recorder.RecordCatalogAsync(() => inner.ListSchemasAsync(cancellationToken));

        public Task<IAsyncDisposable?> PreferIndexesAsync(CancellationToken cancellationToken) =>
            inner.PreferIndexesAsync(cancellationToken);

        // this run moves no rows in bulk
        public Task<ImmutableArray<TransferColumn>> DescribeTransferAsync(
            string sql,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<IBatchReader> OpenReaderAsync(string sql, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IBatchWriter> OpenWriterAsync(
            RelationName table,
            ImmutableArray<TransferColumn> columns,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ImmutableArray<ColumnMapping> MapColumns(ImmutableArray<TransferColumn> columns) =>
            inner.MapColumns(columns);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class RecordingTransaction(ISessionTransaction inner, Recorder recorder, int number)
        : ISessionTransaction
    {
        private bool _isOver;

        public async Task CommitAsync(CancellationToken cancellationToken)
        {
            await recorder.RecordAsync(
                number,
                "commit",
                false,
                async () =>
                {
                    await inner.CommitAsync(cancellationToken);
                    return 0;
                }
            );
            _isOver = true;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_isOver)
                throw new InvalidOperationException("the run rolled something back");
            await inner.DisposeAsync();
        }
    }
}
