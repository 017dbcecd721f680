using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Runner.Statements;

/// <summary>A session that tells a log what it does. What has no statement of ours is there as a comment.</summary>
internal sealed class LoggedSession(ISession inner, LoggedAdapter on) : ISession
{
    public bool IsLost => inner.IsLost;

    public IStreamedRows? StreamedRows => inner.StreamedRows;

    public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        on.RunAsync(
            StatementKind.Statement,
            sql,
            () => inner.ExecuteAsync(sql, cancellationToken),
            count => count < 0 ? null : count
        );

    public Task<RowSet> QueryAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
        on.RunAsync(
            StatementKind.Query,
            sql,
            () => inner.QueryAsync(sql, maxRows, cancellationToken),
            rows => rows.Rows.Length
        );

    public Task<RowSet> ReadAsync(string sql, int maxRows, CancellationToken cancellationToken) =>
        on.RunAsync(
            StatementKind.Query,
            sql,
            () => inner.ReadAsync(sql, maxRows, cancellationToken),
            rows => rows.Rows.Length
        );

    public Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    ) =>
        on.RunAsync(
            StatementKind.Describe,
            $"-- relations of the schemas {string.Join(", ", schemas)}",
            () => inner.ListRelationsAsync(schemas, cancellationToken),
            relations => relations.Length
        );

    public Task<ImmutableArray<string>> ListSchemasAsync(CancellationToken cancellationToken) =>
        on.RunAsync(
            StatementKind.Describe,
            "-- schemas of the database",
            () => inner.ListSchemasAsync(cancellationToken),
            schemas => schemas.Length
        );

    public Task<ImmutableArray<ColumnSchema>> DescribeRelationAsync(
        RelationName relation,
        CancellationToken cancellationToken
    ) =>
        on.RunAsync(
            StatementKind.Describe,
            $"-- columns of {on.Dialect.Quote(relation)}",
            () => inner.DescribeRelationAsync(relation, cancellationToken)
        );

    public Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(
        string sql,
        CancellationToken cancellationToken
    ) => on.RunAsync(StatementKind.Describe, sql, () => inner.DescribeQueryAsync(sql, cancellationToken));

    public Task<ImmutableArray<TransferColumn>> DescribeTransferAsync(
        string sql,
        CancellationToken cancellationToken
    ) => on.RunAsync(StatementKind.Describe, sql, () => inner.DescribeTransferAsync(sql, cancellationToken));

    public async Task<IBatchReader> OpenReaderAsync(string sql, CancellationToken cancellationToken)
    {
        var running = on.Start(StatementKind.Read, sql);
        var reader = await running.CallAsync(() => inner.OpenReaderAsync(sql, cancellationToken));
        return new LoggedReader(reader, running);
    }

    public async Task<IBatchWriter> OpenWriterAsync(
        RelationName table,
        ImmutableArray<TransferColumn> columns,
        CancellationToken cancellationToken
    )
    {
        var running = on.Start(StatementKind.Write, $"-- bulk load into {on.Dialect.Quote(table)}");
        var writer = await running.CallAsync(() => inner.OpenWriterAsync(table, columns, cancellationToken));
        return new LoggedWriter(writer, running);
    }

    public ImmutableArray<ColumnMapping> MapColumns(ImmutableArray<TransferColumn> columns) =>
        inner.MapColumns(columns);

    // a setting or two, which takes no time that anybody looks for
    public Task<IAsyncDisposable?> PreferIndexesAsync(CancellationToken cancellationToken) =>
        inner.PreferIndexesAsync(cancellationToken);

    public Task<ISessionTransaction> BeginAsync(CancellationToken cancellationToken) =>
        on.RunAsync<ISessionTransaction>(
            StatementKind.Begin,
            "begin",
            async () => new LoggedTransaction(await inner.BeginAsync(cancellationToken), on)
        );

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
