using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>What columns of a merge may be called on DuckDB, where rows are told apart by their addresses, and which of their values are the same.</summary>
public sealed class MergeNamesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("__strata_batch")]
    [InlineData("__strata_target")]
    [InlineData("__STRATA_Batch")]
    [InlineData("__strata_before")]
    [InlineData("__strata_differs")]
    public async Task AColumnNamedAsOurOwn_IsAColumnAsAnyOther(string name)
    {
        var project = Project();
        await LoadAsync(
            $"select * from (values (1, 'a', 5), (2, 'a', 1), (3, 'a', 0)) as t(id, v, \"{name}\")"
        );
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync(
            $"select * from (values (1, 'b', 2), (2, 'c', 1), (9, 'n', 0)) as t(id, v, \"{name}\")"
        );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select * from main.up order by 1")).ShouldBe([
            "1|b|2",
            "2|c|1",
            "3|a|0",
            "9|n|0",
        ]);
        (
            await _bench.QueryAsync("select id, v, _change from main.log where _change_batch > 1 order by 1")
        ).ShouldBe(["1|b|update", "2|c|update", "9|n|insert"]);
    }

    [Theory]
    [InlineData(Materialization.Incremental)]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Snapshot)]
    public async Task AColumnThatHidesWhereRowsAre_IsRefused(Materialization materialized)
    {
        await LoadAsync("select 1 as id, 'a' as v, 1 as \"RowId\"");

        var run = await _bench.BuildAsync(
            _bench
                .Project()
                .Source("batch", connection: "duck")
                .Model(
                    "up",
                    "select * from {batch}",
                    materialized,
                    c => c with { UniqueKey = ["id"] },
                    "duck"
                )
        );

        var error = run.Node("up").Diagnostics.Single();
        error.Code.ShouldBe("ST4012");
        error.Message.ShouldContain("'RowId'");
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AColumnThatHidesWhereRowsAre_MayBeReadOfASource_AndStandInAView()
    {
        await LoadAsync("select 1 as id, 'a' as v, 7 as rowid");

        (
            await _bench.BuildAsync(
                _bench
                    .Project()
                    .Source("batch", connection: "duck")
                    .Model("seen", "select * from {batch}", Materialization.View, connection: "duck")
                    .Model("up", "select id, v, rowid as r from {seen}", connection: "duck")
            )
        ).ShouldSucceed();

        (await _bench.QueryAsync("select * from main.up")).ShouldBe(["1|a|7"]);
    }

    [Fact]
    public async Task ATableThatHidesWhereItsRowsAre_IsNotMergedInto()
    {
        var project = Project(c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns });
        await LoadAsync("select 1 as id, 'a' as v");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("alter table main.up add column rowid int");
        await LoadAsync("select 1 as id, 'b' as v");

        var run = await _bench.BuildAsync(project);

        run.Node("up").Diagnostics.Single().Code.ShouldBe("ST4012");
        (await _bench.QueryAsync("select id, v from main.up")).ShouldBe(["1|a"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KeysThatAreOneInTheTypesOfTheTable_AreRefused(bool isSequenced)
    {
        var project = Project(c =>
            c with
            {
                OnSchemaChange = OnSchemaChange.Ignore,
                SequenceBy = isSequenced ? "v" : null,
            }
        );
        await LoadAsync("select * from (values (1, 'a'), (2, 'a')) as t(id, v)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync(
            "select * from (values ('1', 'b'), ('01', 'c'), ('3', 'd'), ('03', 'e')) as t(id, v)"
        );

        var run = await _bench.BuildAsync(project);

        var error = run.Node("up").Diagnostics.Single(said => said.Code == "ST7007");
        error.Details.ShouldBe([
            "id = 1 (2 rows)",
            "id = 3 (2 rows)",
            "id is VARCHAR in the query and INTEGER in the table",
        ]);
        (await _bench.QueryAsync("select id, v from main.up order by 1")).ShouldBe(["1|a", "2|a"]);

        await LoadAsync("select * from (values ('01', 'b'), ('3', 'd')) as t(id, v)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await _bench.QueryAsync("select id, v from main.up order by 1")).ShouldBe(["1|b", "2|a", "3|d"]);
    }

    [Theory]
    [InlineData(false, "('A', 1), ('b', 2), ('a', 3)")]
    [InlineData(false, "('Z', 1), ('z', 2)")]
    [InlineData(true, "('Z', 1), ('z', 2)")]
    public async Task KeysThatAreOneByTheCollationOfTheTable_AreRefused(bool isSequenced, string rows)
    {
        var project = Project(c => c with { SequenceBy = isSequenced ? "v" : null });
        await LoadAsync("select id collate nocase as id, v from (values ('a', 0), ('B', 0)) as t(id, v)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync($"select * from (values {rows}) as t(id, v)");

        var run = await _bench.BuildAsync(project);

        var error = run.Node("up").Diagnostics.Single();
        error.Code.ShouldBe("ST7007");
        error.Details[^1].ShouldBe("the table compares the key by a collation");
        (await _bench.QueryAsync("select id, v from main.up order by 1")).ShouldBe(["a|0", "B|0"]);
    }

    [Fact]
    public async Task KeysThatAreOneByTheCollationOfAHistory_AreRefused()
    {
        var project = _bench
            .Project()
            .Source("batch", connection: "duck")
            .Model(
                "up",
                "select * from {batch}",
                Materialization.Snapshot,
                c =>
                    c with
                    {
                        UniqueKey = ["id"],
                        Snapshot = c.Snapshot with { Strategy = SnapshotStrategy.Check },
                    },
                "duck"
            );
        await LoadAsync("select id collate nocase as id, v from (values ('a', 1), ('b', 2)) as t(id, v)");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("select * from (values ('a', 5), ('A', 6), ('b', 2)) as t(id, v)");

        var run = await _bench.BuildAsync(project);

        var error = run.Node("up").Diagnostics.Single();
        error.Code.ShouldBe("ST7007");
        error.Details[^1].ShouldBe("the table compares the key by a collation");
        (await _bench.QueryAsync("select id, v from main.up order by 1")).ShouldBe(["a|1", "b|2"]);
    }

    [Theory]
    [InlineData("'a' collate nocase", "'A'")]
    public async Task AValueThatIsEqual_AndNotTheSame_IsAChange(string before, string after)
    {
        var project = Project();
        await LoadAsync($"select 1 as id, {before} as v union all select 2, null");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync($"select 1 as id, {after} as v union all select 2, null");

        var run = (await _bench.BuildAsync(project)).ShouldSucceed();

        run.Node("up").Rows!.Updated.ShouldBe(1);
        foreach (
            var table in new[] { "main.up where id = 1", "main.log where id = 1 and _change = 'update'" }
        )
            (
                await _bench.QueryAsync(
                    $"select cast(v as varchar) collate c = cast({after} as varchar) collate c from {table}"
                )
            ).ShouldBe(["True"]);
        (await _bench.BuildAsync(project)).ShouldSucceed().Node("up").Rows!.Updated.ShouldBe(0);
    }

    [Fact]
    public async Task JsonThatIsEqualByTheCollationOfTheSession_AndNotTheSame_IsAChange()
    {
        var project = Project(c => c with { PreHooks = ["set default_collation = 'nocase'"] });
        await LoadAsync("select 1 as id, to_json('x') as v");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync("select 1 as id, to_json('X') as v");

        (await _bench.BuildAsync(project)).ShouldSucceed().Node("up").Rows!.Updated.ShouldBe(1);
    }

    [Theory]
    [InlineData("'nan'::double")]
    [InlineData("null::double")]
    [InlineData("[null::double, 1.5]")]
    [InlineData("null::float[]")]
    [InlineData("[0.0::float, null]")]
    [InlineData("{'x': null::float}")]
    [InlineData("1.5::float")]
    public async Task AValueThatIsTheSame_IsNoChange(string value)
    {
        var project = Project();
        await LoadAsync($"select 1 as id, {value} as v");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.BuildAsync(project)).ShouldSucceed().Node("up").Rows!.Updated.ShouldBe(0);
    }

    [Fact]
    public async Task WhatAMergeHasFound_IsNotHeldOnceItIsPublished()
    {
        var project = Project()
            .Model(
                "after",
                "select count(*) filter (where table_name like '%up__before') as held, (select count(*) from {up}) as n from duckdb_tables() where database_name = 'strata_memory'",
                connection: "duck"
            );
        await LoadAsync("select 1 as id, 'a' as v");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("insert into main.up values (1, 'a')");
        await LoadAsync("select 1 as id, 'b' as v");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select held, n from main.after")).ShouldBe(["0|2"]);
    }

    private ManifestBuilder Project(Func<ModelConfig, ModelConfig>? config = null) =>
        _bench.MergeProject(config);

    private Task LoadAsync(string query) => _bench.LoadBatchAsync(query);
}
