using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Batches of more rows than DuckDB keeps in a group (122,880), so that it writes them with several threads.</summary>
public sealed class ManyRowsTests : IAsyncLifetime
{
    private const int Few = 10;
    private const int Many = 150_000;

    private readonly Workbench _bench = new(threads: 2);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(IncrementalStrategy.Append)]
    [InlineData(IncrementalStrategy.Merge)]
    [InlineData(IncrementalStrategy.DeleteInsert)]
    [InlineData(IncrementalStrategy.InsertOverwrite)]
    public async Task ManyRows_ThatAreNewAndThatChange_AreAllThere(IncrementalStrategy strategy)
    {
        var project = Project(c =>
            c with
            {
                IncrementalStrategy = strategy,
                UniqueKey = strategy is IncrementalStrategy.Append ? [] : ["id"],
                PartitionBy = strategy is IncrementalStrategy.InsertOverwrite ? ["id // 1000"] : [],
            }
        );
        await LoadAsync(1, Few, "old");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        await LoadAsync(1000, 999 + Many, "new");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await ContentAsync()).ShouldBe([$"new|{Many}", $"old|{Few}"]);

        await LoadAsync(1000, 999 + Many, "changed");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await ContentAsync()).ShouldBe(
            strategy == IncrementalStrategy.Append
                ? [$"changed|{Many}", $"new|{Many}", $"old|{Few}"]
                : [$"changed|{Many}", $"old|{Few}"]
        );
    }

    private ManifestBuilder Project(Func<ModelConfig, ModelConfig> config) =>
        _bench
            .Project()
            .Source("batch", connection: "duck")
            .Model("target", "select id, v from {batch}", Materialization.Incremental, config, "duck");

    private Task<string[]> ContentAsync() =>
        _bench.QueryAsync("select v, count(*) from main.target group by v order by v");

    private async Task LoadAsync(int first, int last, string v)
    {
        await _bench.ExecuteAsync("create schema if not exists raw");
        await _bench.ExecuteAsync("drop table if exists raw.batch");
        await _bench.ExecuteAsync(
            $"create table raw.batch as select cast(i as int) as id, '{v}' as v from generate_series({first}, {last}) as t(i)"
        );
    }
}
