using Strata.Adapters.Conformance.Engines;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Transfers;

namespace Strata.Adapters.Conformance.Crossing;

/// <summary>Both engines, and rows on their way from one to the other.</summary>
public sealed class BothEngines : IAsyncLifetime
{
    private int _tables;

    public DuckDbEngine DuckDb { get; } = new();

    public PostgresEngine Postgres { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await DuckDb.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>Makes a table for a query's rows on the other engine and fills it.</summary>
    public async Task<RelationName> CopyAsync(
        ISession from,
        string query,
        EngineUnderTest target,
        ISession to
    )
    {
        var schema = target == (EngineUnderTest)DuckDb ? "main" : "public";
        var table = new RelationName(schema, $"copy_{Interlocked.Increment(ref _tables)}");
        var columns = await from.DescribeTransferAsync(query, CancellationToken.None);
        var create = MappedTable.CreateStatement(target.Dialect, table, to.MapColumns(columns));
        await to.ExecuteAsync(create, CancellationToken.None);
        await RowTransfer.CopyAsync(from, query, to, table, null, CancellationToken.None);
        return table;
    }
}
