using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Transfers;

/// <summary>Replicas of models that merge into a table in which their key is none.</summary>
[Trait("Engine", "postgres")]
public sealed class SeveralOfAKeyTransferTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed, strata_replica_main cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    public static TheoryData<string, string> Merges() =>
        new()
        {
            { "duck", "plain" },
            { "duck", "sequence" },
            { "duck", "columns" },
            { "pg", "plain" },
            { "pg", "sequence" },
            { "pg", "columns" },
        };

    [PostgresTheory]
    [MemberData(nameof(Merges))]
    public async Task ReplicaOfAModelWithSeveralRowsOfAKey_IsWhatItsProducerIs(string from, string merge)
    {
        var to = from == "duck" ? "pg" : "duck";
        Support.ManifestBuilder Project(Func<ModelConfig, ModelConfig> config) =>
            _bench
                .Project()
                .Source("batch", connection: from)
                .Model("up", "select id, a, b from {batch}", Materialization.Incremental, config, from)
                .Model("down", "select * from {up}", connection: to);
        ModelConfig Merge(ModelConfig config) =>
            merge switch
            {
                "sequence" => config with { UniqueKey = ["id"], SequenceBy = "b" },
                "columns" => config with { UniqueKey = ["id"], MergeUpdateColumns = ["b"] },
                _ => config with { UniqueKey = ["id"] },
            };
        async Task<string?> StepAsync(
            string values,
            Func<ModelConfig, ModelConfig> config,
            bool fullRefresh = false
        )
        {
            await LoadAsync(values, from);
            var planned = await _bench.PlanAsync(Project(config), r => r with { FullRefresh = fullRefresh });
            var result = (
                await _bench.BuildAsync(Project(config), r => r with { FullRefresh = fullRefresh })
            ).ShouldSucceed();
            (await _bench.QueryAsync("select * from main.down order by 1, 2, 3", to)).ShouldBe(
                await _bench.QueryAsync("select * from main.up order by 1, 2, 3", from)
            );
            var writer = result.Node($"up -> {to}").Node.Writer;
            planned.Nodes.Single(node => node.Name == $"up -> {to}").Writer.ShouldBe(writer);
            return writer;
        }

        await StepAsync("(1, 'a', 1), (2, 'c', 1), (3, 'd', 1), (4, 'e', 1), (5, 'f', 1)", Merge);
        // as earlier versions left it behind, which let a model that had appended merge into what it had
        await _bench.ExecuteAsync("insert into main.up values (1, 'b', 5)", from);
        await _bench.ExecuteAsync("drop table strata_replica_main.up", to);
        await StepAsync("(7, 'g', 1)", Merge);
        (await StepAsync("(1, 'x', 3), (6, 'h', 1)", Merge)).ShouldBe("full copy");
        (await StepAsync("(1, 'y', 4)", Merge)).ShouldBe("full copy");
        await StepAsync("(1, 'z', 1), (2, 'c', 1)", Merge, fullRefresh: true);
        (await StepAsync("(1, 'q', 9)", Merge)).ShouldBe("change feed");
    }

    private async Task LoadAsync(string values, string connection)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.batch", connection);
        await _bench.ExecuteAsync("create table raw.batch (id int, a text, b int)", connection);
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", connection);
    }
}
