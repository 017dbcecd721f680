using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Transfers;

/// <summary>Rows from Postgres into DuckDB: whole and as changes, with plan, skip, tests and groups.</summary>
[Trait("Engine", "postgres")]
public sealed class BackTransferRunTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private async Task LoadAsync(string values)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", "pg");
        await _bench.ExecuteAsync("drop table if exists raw.batch", "pg");
        await _bench.ExecuteAsync("create table raw.batch (id int, v text, seen timestamptz)", "pg");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", "pg");
    }

    private Task<string[]> DownAsync() => _bench.QueryAsync("select * from main.down order by 1 nulls first");

    private async Task<string?> PlannedWriterAsync(Support.ManifestBuilder project, string node) =>
        (await _bench.PlanAsync(project)).Nodes.Single(n => n.Name == node).Writer;

    [PostgresFact]
    public async Task SourceTable_CrossesWhole_EachTimeBecauseOthersFillIt()
    {
        var project = _bench
            .Project()
            .Source("batch", connection: "pg")
            .Model("down", "select id, v, seen from {batch}");
        await LoadAsync("(1, '', 'infinity'), (null, null, '2026-11-26 12:00:00+02')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("(2, 'b', null)");

        var second = (await _bench.BuildAsync(project)).ShouldSucceed();

        second.Node("batch -> duck").Node.Writer.ShouldBe("full copy");
        second.Node("batch -> duck").Rows!.In.ShouldBe(1);
        (await DownAsync()).ShouldBe(["2|b|null"]);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task TableModel_CrossesOnlyWhenItsRowsChanged()
    {
        Support.ManifestBuilder Project(string seed) =>
            _bench
                .Project()
                .Seed("raw", seed, "pg")
                .Model("up", "select * from {raw} where id > 0", connection: "pg")
                .Model("down", "select * from {up}")
                .Expect("down", "not_null", "id");
        (await _bench.BuildAsync(Project("id,v\n1,a\n"))).ShouldSucceed();
        var again = (await _bench.BuildAsync(Project("id,v\n1,a\n"))).ShouldSucceed();
        // the row that is new is none that the model gives
        var same = (await _bench.BuildAsync(Project("id,v\n1,a\n0,z\n"))).ShouldSucceed();
        var moved = (await _bench.BuildAsync(Project("id,v\n1,a\n2,b\n"))).ShouldSucceed();

        again.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Fresh);
        same.OutcomeOf("up -> duck").ShouldBe(Outcome.Fresh);
        same.OutcomeOf("down").ShouldBe(Outcome.Fresh);
        moved.Node("up -> duck").Rows!.Out.ShouldBe(2);
        moved.Node("down").Tests.ShouldHaveSingleItem().Status.ShouldBe(TestStatus.Pass);
        (await DownAsync()).ShouldBe(["1|a", "2|b"]);
    }

    [PostgresTheory]
    [InlineData(IncrementalStrategy.Append)]
    [InlineData(IncrementalStrategy.Merge)]
    [InlineData(IncrementalStrategy.DeleteInsert)]
    [InlineData(IncrementalStrategy.InsertOverwrite)]
    public async Task LaterBatches_CrossAsChanges_AsThePlanSays(IncrementalStrategy strategy)
    {
        ModelConfig Up(ModelConfig c) =>
            c with
            {
                IncrementalStrategy = strategy,
                UniqueKey = strategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert
                    ? ["id"]
                    : [],
                PartitionBy = ["id"],
            };
        Support.ManifestBuilder Project() =>
            _bench
                .Project()
                .Source("batch", connection: "pg")
                .Model("up", "select * from {batch}", Materialization.Incremental, Up, "pg")
                .Model("down", "select * from {up}");
        string[] batches =
        [
            "(1, 'a', now()), (2, 'b', 'infinity'), (null, 'n', null)",
            "(2, 'B', '-infinity'), (3, 'c', null), (null, 'N', now())",
            "(2, 'b', null), (4, '', null)",
        ];
        var planned = new List<string?>();
        RunResult? last = null;
        foreach (var batch in batches)
        {
            await LoadAsync(batch);
            planned.Add(await PlannedWriterAsync(Project(), "up -> duck"));
            last = (await _bench.BuildAsync(Project())).ShouldSucceed();
            last.Node("up -> duck").Node.Writer.ShouldBe(planned[^1]);
        }

        planned.ShouldBe(["full copy", "change feed", "change feed"]);
        last!.Node("up -> duck").Rows!.In.ShouldBe(2);
        var here = await _bench.QueryAsync("select id, v, seen::text from main.up", "pg");
        (await _bench.QueryAsync("select id, v, seen::varchar from strata_replica_main.up")).ShouldBe(
            here,
            ignoreOrder: true
        );
        (await DownAsync()).Length.ShouldBe(here.Length);
    }

    [PostgresFact]
    public async Task Plan_OfAProducerThatIsRebuilt_SaysThatEverythingCrosses()
    {
        Support.ManifestBuilder Project() =>
            _bench
                .Project()
                .Source("batch", connection: "pg")
                .Model(
                    "up",
                    "select * from {batch}",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id"] },
                    "pg"
                )
                .Model("down", "select * from {up}");
        await LoadAsync("(1, 'a', null)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        var plan = await _bench.PlanAsync(Project(), request => request with { FullRefresh = true });
        plan.Nodes.Single(n => n.Name == "up -> duck").Writer.ShouldBe("full copy");
        var result = (
            await _bench.BuildAsync(Project(), request => request with { FullRefresh = true })
        ).ShouldSucceed();

        result.Node("up -> duck").Node.Writer.ShouldBe("full copy");
    }

    [PostgresFact]
    public async Task GroupOnPostgres_IsPublishedBeforeItsRowsCross_AndTheLayerBehindReadsThem()
    {
        Support.ManifestBuilder Project(string seed) =>
            _bench
                .Project()
                .Seed("raw", seed)
                .Model(
                    "gold",
                    "select v, count(*) as n from {raw} group by v",
                    config: c => c with { Publish = PublishMode.Run },
                    connection: "pg"
                )
                .Model("down", "select v, n * 2 as n from {gold}");
        (await _bench.BuildAsync(Project("id,v\n1,a\n2,a\n"))).ShouldSucceed();
        (await _bench.BuildAsync(Project("id,v\n1,a\n2,b\n"))).ShouldSucceed();

        (await DownAsync()).ShouldBe(["a|2", "b|2"]);
    }

    [PostgresFact]
    public async Task SourceColumnThatCannotCross_IsRefusedByThePlan_AtTheLineThatReadsIt()
    {
        await _bench.ExecuteAsync("create schema raw", "pg");
        await _bench.ExecuteAsync("create table raw.batch (id int, \"Any Number\" numeric, at inet)", "pg");
        var project = _bench
            .Project()
            .Source("batch", connection: "pg")
            .Model("other", "select 1 as x")
            .Model("down", "select id\nfrom {batch}");

        var result = await _bench.BuildAsync(project);

        result.CouldNotStart.ShouldBeTrue();
        result.Diagnostics.Select(d => d.Code).ShouldBe(["ST5015", "ST5015"]);
        var (number, address) = (result.Diagnostics[0], result.Diagnostics[1]);
        number.Message.ShouldBe("column 'Any Number' of 'batch' cannot be moved to duckdb without loss");
        number.Hint.ShouldBe("read it through a model on 'pg' that writes \"Any Number\"::numeric(38, 10)");
        number.Span!.Value.File.Path.ShouldBe("models/down.sql");
        number.Span!.Value.Start.Line.ShouldBe(2);
        address.Hint.ShouldNotBeNull().ShouldEndWith("at::text");
        (
            await _bench.QueryAsync("select count(*) from duckdb_tables() where schema_name = 'main'")
        ).ShouldBe(["0"]);
    }

    [PostgresFact]
    public async Task ModelThatCannotCross_IsRefusedByThePlan_UntilItIsChanged()
    {
        Support.ManifestBuilder Project(string up) =>
            _bench.Project().Model("up", up, connection: "pg").Model("down", "select * from {up}");
        var first = await _bench.BuildAsync(Project("select 1::numeric as n"));
        var second = await _bench.BuildAsync(Project("select 1::numeric as n"));
        var mended = await _bench.BuildAsync(Project("select 1::numeric(38, 10) as n"));

        first.OutcomeOf("up -> duck").ShouldBe(Outcome.Failed);
        second.CouldNotStart.ShouldBeTrue();
        second.Diagnostics.ShouldHaveSingleItem().Hint.ShouldBe("write n::numeric(38, 10) in 'up'");
        mended.ShouldSucceed();
        (await _bench.QueryAsync("select n::varchar from main.down")).ShouldBe(["1.0000000000"]);
    }
}
