using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Transfers;

/// <summary>What a cdc model inserts, updates and deletes reaches readers on another engine, and readers of its changes.</summary>
[Trait("Engine", "postgres")]
public sealed class CdcTransferRunTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, _strata, _strata_kept, _strata_feed cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Build_Changes_CrossAsChanges(int scdType)
    {
        var project = _bench
            .Project()
            .Source("batch")
            .Model(
                "state",
                "select * from {batch}",
                Materialization.Cdc,
                c =>
                    c with
                    {
                        UniqueKey = ["k"],
                        Cdc = new CdcConfig
                        {
                            SequenceBy = ["seq"],
                            ApplyAsDeletes = "a is null",
                            ScdType = scdType,
                        },
                    }
            )
            .Model("far", "select * from {state}", connection: "pg")
            .Model(
                "log",
                "select k, a, _change from {changes state}",
                Materialization.Incremental,
                c => c with { IncrementalStrategy = IncrementalStrategy.Append }
            );
        await LoadAsync("(1, 1, 'a'), (2, 1, 'b'), (null, 1, 'n'), (null, 2, 'o')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(1, 3, null), (1, 2, 'x'), (2, 5, 'c'), (3, 1, 'new'), (null, 2, null)");
        var second = (await _bench.BuildAsync(project)).ShouldSucceed();
        second.Nodes.Single(n => n.Node.Id.StartsWith("transfer.")).Node.Writer.ShouldBe("change feed");
        var near = await RowsAsync("state", "duck");
        near.Length.ShouldBe(scdType == 1 ? 2 : 6);
        (await RowsAsync("far", "pg")).ShouldBe(near);
        (await _bench.QueryAsync("select count(*) from main.log where _change = 'delete'")).ShouldBe(
        // of the history: the version that turned out to have ended where it began
        [
            scdType == 1 ? "2" : "1",
        ]);
    }

    private async Task LoadAsync(string values)
    {
        await _bench.ExecuteAsync("create schema if not exists raw");
        await _bench.ExecuteAsync("create or replace table raw.batch (k int, seq int, a text)");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}");
    }

    private async Task<string[]> RowsAsync(string table, string connection) =>
        [
            .. (await _bench.QueryAsync($"select * from main.{table}", connection)).Order(
                StringComparer.Ordinal
            ),
        ];
}
