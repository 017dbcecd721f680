using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Transfers;

/// <summary>Runs across DuckDB and Postgres: replicas, change feeds, groups.</summary>
[Trait("Engine", "postgres")]
public sealed class TransferRunTests(PostgresDatabase database)
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

    private static ModelConfig Grouped(ModelConfig config) => config with { Publish = PublishMode.Run };

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    private async Task LoadAsync(string values)
    {
        await _bench.ExecuteAsync("create schema if not exists raw");
        await _bench.ExecuteAsync("create or replace table raw.batch (id int, v text)");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}");
    }

    private Support.ManifestBuilder Chain(Func<ModelConfig, ModelConfig> silver) =>
        _bench
            .Project()
            .Source("batch")
            .Model("silver", "select * from {batch}", Materialization.Incremental, silver)
            .Model(
                "gold",
                "select v, count(*) as n from {silver} group by v",
                config: Grouped,
                connection: "pg"
            )
            .Model(
                "gold_view",
                "select n from {gold} join {silver} on silver.v = gold.v",
                Materialization.View,
                Grouped,
                "pg"
            );

    private Task<string[]> GoldAsync() =>
        _bench.QueryAsync("select * from main.gold order by 1 nulls first", "pg");

    [PostgresFact]
    public async Task Copy_RefusedByItsTarget_BlamesTheTarget()
    {
        var many = string.Join(", ", Enumerable.Range(0, 1601).Select(i => $"{i} as c{i}"));
        var result = await _bench.BuildAsync(
            _bench
                .Project()
                .Model("up", $"select {many}")
                .Model("down", "select * from {up}", connection: "pg")
        );

        var message = Workbench.Text(result);
        message.ShouldContain("'up'");
        message.ShouldContain("1600 columns");
    }

    [PostgresFact]
    public async Task ColumnsWhoseNamesCannotCross_AreRefused()
    {
        var common = new string('ä', 31);
        Support.ManifestBuilder Project(string columns) =>
            _bench
                .Project()
                .Model("up", $"select {columns}")
                .Model("down", "select * from {up}", connection: "pg");

        // 62 and a byte are as long as it may be
        (await _bench.BuildAsync(Project($"1 as \"{common}1\""))).ShouldSucceed();
        var tooLong = await _bench.BuildAsync(Project($"1 as \"{common}12\", 2 as \"{common}13\""));
        var own = await _bench.BuildAsync(Project("1 as ctid"));

        var refused = tooLong.Node("up -> pg").Diagnostics;
        refused.Select(one => one.Code).ShouldBe(["ST5015", "ST5015"]);
        refused[0].Details.ShouldBe(["its name has 64 bytes, names of postgres have 63 at most"]);
        refused[0].Hint.ShouldNotBeNull().ShouldStartWith("give it another name in 'up'");
        own.Node("up -> pg")
            .Diagnostics.ShouldHaveSingleItem()
            .Details.ShouldBe(["every table of postgres has a column ctid of its own"]);
    }

    [PostgresFact]
    public async Task Rows_CrossToPostgres_AndTheSecondRunIsFresh()
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'b')");
        // a source that others fill is never fresh: silver itself is the start here
        var project = _bench
            .Project()
            .Seed("silver", "id,v\n1,a\n2,b\n3,b\n")
            .Model(
                "gold",
                "select v, count(*) as n from {silver} group by v",
                config: Grouped,
                connection: "pg"
            );

        var first = (await _bench.BuildAsync(project)).ShouldSucceed();
        var second = (await _bench.BuildAsync(project)).ShouldSucceed();

        (await GoldAsync()).ShouldBe(["a|1", "b|2"]);
        first
            .Nodes.Select(n => n.Node.Kind)
            .ShouldBe([PlannedKind.Seed, PlannedKind.Transfer, PlannedKind.Model]);
        first.Node("silver -> pg").Node.PublishGroup.ShouldBe("core");
        second.Nodes.ShouldAllBe(n => n.Outcome == Outcome.Fresh);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresTheory]
    [InlineData(IncrementalStrategy.Append, "change feed")]
    [InlineData(IncrementalStrategy.Merge, "change feed")]
    [InlineData(IncrementalStrategy.DeleteInsert, "change feed")]
    [InlineData(IncrementalStrategy.InsertOverwrite, "change feed")]
    public async Task LaterBatches_CrossAsChanges_AndEndAsTheProducerStands(
        IncrementalStrategy strategy,
        string writer
    )
    {
        ModelConfig Silver(ModelConfig c) =>
            c with
            {
                IncrementalStrategy = strategy,
                UniqueKey = strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert
                    ? ["id"]
                    : [],
                PartitionBy = ["id"],
            };
        string[] batches =
        [
            "(1, 'a'), (2, 'b'), (null, 'n')",
            "(2, 'B'), (3, 'c'), (null, 'N')",
            "(2, 'b'), (4, 'd')",
        ];
        RunResult? last = null;
        foreach (var batch in batches)
        {
            await LoadAsync(batch);
            last = (await _bench.BuildAsync(Chain(Silver))).ShouldSucceed();
        }

        last!.Node("silver -> pg").Node.Writer.ShouldBe(writer);
        last!.Node("silver -> pg").Rows!.In.ShouldBe(2);
        var here = await _bench.QueryAsync("select id, v from main.silver");
        var there = await _bench.QueryAsync("select id, v from strata_replica_main.silver", "pg");
        there.ShouldBe(here, ignoreOrder: true);
    }

    [PostgresFact]
    public async Task ReplicaThatMissedBatches_CatchesUpInOneGo()
    {
        await LoadAsync("(1, 'a')");
        (await _bench.BuildAsync(Chain(Keyed))).ShouldSucceed();
        foreach (var batch in new[] { "(2, 'b')", "(2, 'c'), (3, 'c')" })
        {
            await LoadAsync(batch);
            (
                await _bench.BuildAsync(Chain(Keyed), r => r with { Selected = ["model.shop.silver"] })
            ).ShouldSucceed();
        }
        await LoadAsync("(1, 'a')");

        var result = (await _bench.BuildAsync(Chain(Keyed))).ShouldSucceed();

        result.Node("silver -> pg").Node.Writer.ShouldBe("change feed");
        (await GoldAsync()).ShouldBe(["a|1", "c|2"]);
    }

    [PostgresTheory]
    [InlineData(IncrementalStrategy.Append)]
    [InlineData(IncrementalStrategy.Merge)]
    [InlineData(IncrementalStrategy.DeleteInsert)]
    public async Task ColumnThatTheProducerGains_CrossesWithTheChanges(IncrementalStrategy strategy)
    {
        ModelConfig Silver(ModelConfig c) =>
            c with
            {
                IncrementalStrategy = strategy,
                OnSchemaChange = OnSchemaChange.AppendNewColumns,
                UniqueKey = strategy == IncrementalStrategy.Append ? [] : ["id"],
            };
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await _bench.BuildAsync(Chain(Silver))).ShouldSucceed();
        await _bench.ExecuteAsync(
            "create or replace table raw.batch (id int, v text, \"we\"\"ird\" decimal(9, 2))"
        );
        await _bench.ExecuteAsync("insert into raw.batch values (2, 'b', 4.25), (3, 'c', null)");

        var second = (await _bench.BuildAsync(Chain(Silver))).ShouldSucceed();
        await _bench.ExecuteAsync("delete from raw.batch");
        await _bench.ExecuteAsync("insert into raw.batch values (4, 'd', 1.5)");
        var third = (await _bench.BuildAsync(Chain(Silver))).ShouldSucceed();

        second.Node("silver -> pg").Node.Writer.ShouldBe("change feed");
        third.Node("silver -> pg").Rows!.In.ShouldBe(1);
        const string All = "select * from {0}.silver order by id, v, 3 nulls first";
        (await _bench.QueryAsync(string.Format(null, All, "strata_replica_main"), "pg")).ShouldBe(
            await _bench.QueryAsync(string.Format(null, All, "main"))
        );
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task RebuiltProducer_CrossesWhole()
    {
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await _bench.BuildAsync(Chain(Keyed))).ShouldSucceed();
        await LoadAsync("(1, 'z')");

        var result = (
            await _bench.BuildAsync(Chain(Keyed), r => r with { FullRefresh = true })
        ).ShouldSucceed();

        result.Node("silver -> pg").Node.Writer.ShouldBe("full copy");
        (await GoldAsync()).ShouldBe(["z|1"]);
    }

    [PostgresFact]
    public async Task FailingGoldTest_LeavesReplicaAndGoldAsTheyWere_AndTheNextRunGoesOn()
    {
        Support.ManifestBuilder Tested(TestSeverity severity) =>
            Chain(Keyed).Expect("gold", "not_null", "v", new TestConfig { Severity = severity });
        await LoadAsync("(1, 'a')");
        (await _bench.BuildAsync(Tested(TestSeverity.Error))).ShouldSucceed();
        await LoadAsync("(2, null)");

        var failed = await _bench.BuildAsync(Tested(TestSeverity.Error));

        failed.OutcomeOf("silver").ShouldBe(Outcome.Succeeded);
        failed.OutcomeOf("silver -> pg").ShouldBe(Outcome.HeldBack);
        failed.OutcomeOf("gold").ShouldBe(Outcome.Failed);
        (await GoldAsync()).ShouldBe(["a|1"]);
        (await _bench.QueryAsync("select count(*) from strata_replica_main.silver", "pg")).ShouldBe(["1"]);

        await LoadAsync("(3, 'a')");
        var next = await _bench.BuildAsync(Tested(TestSeverity.Warn));
        next.Node("silver -> pg").Node.Writer.ShouldBe("change feed");
        (await GoldAsync()).ShouldBe(["null|1", "a|2"]);
    }

    [PostgresFact]
    public async Task BackToDuckDb_RowsCrossToo()
    {
        var project = _bench
            .Project()
            .Model("up", "select 1 as id, 'x'::text as v", connection: "pg")
            .Model("down", "select * from {up}");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("from main.down")).ShouldBe(["1|x"]);
    }

    [PostgresFact]
    public async Task ColumnThatCannotCross_IsRefusedBeforeAnythingIsCopied()
    {
        var project = _bench
            .Project()
            .Model("silver", "select union_value(num := 2) as u")
            .Model("gold", "select * from {silver}", connection: "pg");

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("silver -> pg").ShouldBe(Outcome.Failed);
        result.Node("silver -> pg").Diagnostics[0].Code.ShouldBe("ST5015");
    }

    [PostgresFact]
    public async Task Changes_AcrossATransfer_GiveWhatIsNew()
    {
        Support.ManifestBuilder Project() =>
            _bench
                .Project()
                .Source("batch")
                .Model("silver", "select * from {batch}", Materialization.Incremental, Keyed)
                .Model(
                    "log",
                    "select id, v, _change from {changes silver}",
                    Materialization.Incremental,
                    Grouped,
                    "pg"
                );
        await LoadAsync("(1, 'a'), (2, 'b')");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await LoadAsync("(2, 'B'), (3, 'c'), (1, 'a')");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await _bench.QueryAsync("select id, v, _change from main.log order by 1, 3", "pg")).ShouldBe([
            "1|a|insert",
            "2|b|insert",
            "2|B|update",
            "3|c|insert",
        ]);
    }
}
