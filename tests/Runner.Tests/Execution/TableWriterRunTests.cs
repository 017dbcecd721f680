using Strata.Compiler.Manifest.Models;
using Strata.Runner.Execution;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>How whole tables are published on Postgres, and what that means for those who hold on to them.</summary>
[Trait("Engine", "postgres")]
public sealed class TableWriterRunTests(PostgresDatabase postgres)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

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
        await _bench.ExecuteAsync("create table raw.batch (id int, v text)", "pg");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}", "pg");
    }

    private Support.ManifestBuilder Project(
        Func<ModelConfig, ModelConfig> config,
        Materialization materialized = Materialization.Table
    ) =>
        _bench
            .Project()
            .Source("batch", connection: "pg")
            .Model("target", "select * from {batch}", materialized, config, "pg");

    private Support.ManifestBuilder Followed(Func<ModelConfig, ModelConfig> config) =>
        Project(config, Materialization.Incremental)
            .Model(
                "log",
                "select id, v, _change from {changes target}",
                Materialization.Incremental,
                connection: "pg"
            );

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    private static ModelConfig Bag(ModelConfig config) => config;

    private async Task<NodeResult> BuildAsync(Support.ManifestBuilder project, bool fullRefresh = false) =>
        (await _bench.BuildAsync(project, request => request with { FullRefresh = fullRefresh }))
            .ShouldSucceed()
            .Node("target");

    /// <summary>Builds, while others write to the table after it was compared and before it is published.</summary>
    private async Task WriteAfterComparisonAsync(
        Support.ManifestBuilder project,
        bool fullRefresh,
        string others
    )
    {
        var pause = Path.Combine(_bench.Folder, "pause");
        var build = Task.Run(() =>
            _bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        FullRefresh = fullRefresh,
                        Failpoints = Failpoints.Parse($"audit.after:pause={pause}"),
                    }
            )
        );
        while (!File.Exists(pause) && !build.IsCompleted)
            await Task.Delay(10);
        foreach (var sql in others.Split("; "))
            await _bench.ExecuteAsync(sql, "pg");
        File.Delete(pause);
        (await build).ShouldSucceed();
    }

    private Task<string[]> TargetAsync() =>
        _bench.QueryAsync("select id, v from main.target order by id nulls first, v", "pg");

    private Task<string[]> OidAsync() =>
        _bench.QueryAsync("select 'main.target'::regclass::oid::bigint", "pg");

    [Fact]
    public async Task FirstBuild_MovesTheStageIntoPlace_LoggedAndWithItsIndex()
    {
        await LoadAsync("(1, 'a'), (2, 'b')");

        var first = await BuildAsync(Project(Keyed, Materialization.Incremental));

        first.Node.Writer.ShouldBe("new table");
        (
            await _bench.QueryAsync(
                "select relpersistence from pg_class where oid = 'main.target'::regclass",
                "pg"
            )
        ).ShouldBe(["p"]);
        (
            await _bench.QueryAsync("select indexname from pg_indexes where tablename = 'target'", "pg")
        ).ShouldBe(["target_strata_key"]);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, "in place, by key")]
    [InlineData(false, "in place, by row")]
    public async Task FewRowsDiffer_TheseAreChanged(bool keyed, string writer)
    {
        Func<ModelConfig, ModelConfig> config = keyed ? Keyed : Bag;
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, null)");
        await BuildAsync(Project(config));
        var oid = await OidAsync();
        await LoadAsync("(1, 'a'), (2, 'B'), (3, 'c'), (4, 'd'), (6, null), (7, 'g')");

        var second = await BuildAsync(Project(config));

        second.Node.Writer.ShouldBe(writer);
        second.Node.WriterReason.ShouldBe(keyed ? "3 changes to 6 rows" : "4 changes to 6 rows");
        (await TargetAsync()).ShouldBe(["1|a", "2|B", "3|c", "4|d", "6|null", "7|g"]);
        (await OidAsync()).ShouldBe(oid);
        second.Rows!.Unchanged.ShouldBe(4);
    }

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task AnotherDefinitionWithTheSameKey_ComparesByKey(Materialization materialized)
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        await BuildAsync(Project(Keyed, materialized));
        await LoadAsync("(1, 'a'), (2, 'B'), (3, 'c'), (4, 'd')");
        var changed = _bench
            .Project()
            .Source("batch", connection: "pg")
            .Model("target", "select id, v from {batch}", materialized, Keyed, "pg");

        var second = await BuildAsync(changed, fullRefresh: true);

        (second.Node.Writer, second.Node.WriterReason).ShouldBe(("in place, by key", "1 change to 4 rows"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoRowDiffers_NothingIsWritten_NullsAndEqualRowsIncluded(bool keyed)
    {
        Func<ModelConfig, ModelConfig> config = keyed ? Keyed : Bag;
        var rows = keyed ? "(1, 'a'), (null, 'n')" : "(1, 'a'), (1, 'a'), (null, null), (null, null)";
        await LoadAsync(rows);
        await BuildAsync(Project(config));
        await LoadAsync(rows);

        var second = await BuildAsync(Project(config));

        second.Node.Writer.ShouldBe("as it is");
        (second.Rows!.Inserted, second.Rows.Updated, second.Rows.Deleted).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MostRowsDiffer_TheTableIsRewrittenAndStaysTheSameTable(bool keyed)
    {
        Func<ModelConfig, ModelConfig> config = keyed ? Keyed : Bag;
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c')");
        await BuildAsync(Project(config));
        var oid = await OidAsync();
        await LoadAsync("(1, 'x'), (2, 'y'), (3, 'c'), (null, 'n')");

        var second = await BuildAsync(Project(config));

        second.Node.Writer.ShouldBe("in place, rewritten");
        (await TargetAsync()).ShouldBe(["null|n", "1|x", "2|y", "3|c"]);
        (await OidAsync()).ShouldBe(oid);
    }

    [Theory]
    [InlineData(true, "update main.target set v = 'by hand' where id = 2")]
    [InlineData(true, "delete from main.target where id = 5")]
    [InlineData(true, "insert into main.target values (8, 'by hand'); delete from main.target where id = 3")]
    [InlineData(false, "update main.target set v = 'by hand' where id = 2")]
    [InlineData(false, "delete from main.target where id = 5")]
    [InlineData(false, "insert into main.target values (8, 'by hand'); delete from main.target where id = 3")]
    public async Task OthersWriteAfterTheComparison_WhatIsPublishedIsTheStage(bool keyed, string others)
    {
        Func<ModelConfig, ModelConfig> config = keyed ? Keyed : Bag;
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, null)");
        await BuildAsync(Project(config));
        await LoadAsync("(1, 'a'), (2, 'B'), (3, 'c'), (4, 'd'), (6, null), (7, 'g')");
        await WriteAfterComparisonAsync(Project(config), false, others);

        (await TargetAsync()).ShouldBe(["1|a", "2|B", "3|c", "4|d", "6|null", "7|g"]);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [Fact]
    public async Task OthersWriteAfterTheComparison_ReadersOfChangesReadEverythingAgain()
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, null)");
        await BuildAsync(Followed(Keyed));
        await LoadAsync("(1, 'a'), (2, 'B'), (3, 'c'), (4, 'd'), (5, 'e'), (6, null)");

        await WriteAfterComparisonAsync(
            Followed(Keyed),
            true,
            "update main.target set v = 'by hand' where id = 3"
        );
        await LoadAsync("(7, 'g')");
        await BuildAsync(Followed(Keyed));

        var rows = await TargetAsync();
        rows.ShouldBe(["1|a", "2|B", "3|c", "4|d", "5|e", "6|null", "7|g"]);
        (await _bench.QueryAsync("select id, v from main.log order by id", "pg")).ShouldBe(rows);
    }

    [Fact]
    public async Task FullRefreshThatChangesNothing_LeavesReadersOfChangesWhereTheyAre()
    {
        await LoadAsync("(1, 'a'), (2, 'b')");
        await BuildAsync(Followed(Keyed));

        (
            await _bench.BuildAsync(
                Followed(Keyed),
                request => request with { FullRefresh = true, Selected = ["model.shop.target"] }
            )
        ).ShouldSucceed();
        var third = (await _bench.BuildAsync(Followed(Keyed))).ShouldSucceed();

        third.Node("log").Rows?.Inserted.ShouldBeOneOf(null, 0);
        (await _bench.QueryAsync("select count(*) from main.log", "pg")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task FullRefreshWithFewChanges_IsOneMoreBatchOfTheFeed()
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        await BuildAsync(Followed(Keyed));
        await LoadAsync("(1, 'a'), (2, 'B'), (3, 'c'), (4, 'd'), (5, 'e')");

        (
            await _bench.BuildAsync(
                Followed(Keyed),
                request => request with { FullRefresh = true, Selected = ["model.shop.target"] }
            )
        ).ShouldSucceed();
        await LoadAsync("(1, 'a')");
        (await _bench.BuildAsync(Followed(Keyed))).ShouldSucceed();

        var log = await _bench.QueryAsync("select id, v, _change from main.log order by id, v", "pg");
        log.Order(StringComparer.Ordinal)
            .ShouldBe(["1|a|insert", "2|B|update", "2|b|insert", "3|c|insert", "4|d|insert", "5|e|insert"]);
    }

    [Fact]
    public async Task FullRefreshOfAMergeThatLosesRows_StartsTheFeedOver()
    {
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        await BuildAsync(Followed(Keyed));
        await LoadAsync("(1, 'a'), (2, 'b'), (3, 'c')");

        (
            await _bench.BuildAsync(
                Followed(Keyed),
                request => request with { FullRefresh = true, Selected = ["model.shop.target"] }
            )
        ).ShouldSucceed();
        (await _bench.BuildAsync(Followed(Keyed))).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.log order by id", "pg")).ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(IncrementalStrategy.InsertOverwrite)]
    public async Task FullRefreshOfATableWithSeveralRowsOfAKey_LeavesOne(IncrementalStrategy? strategy)
    {
        // as earlier versions let a model merge that had appended before, or because its strategy does not look at it
        ModelConfig Overwriting(ModelConfig config) =>
            Keyed(config) with
            {
                IncrementalStrategy = strategy,
                PartitionBy = strategy is null ? [] : ["v"],
                SequenceBy = strategy is null ? null : "v",
            };
        await LoadAsync("(1, 'a'), (2, 'a'), (3, 'a'), (4, 'a'), (5, 'a')");
        await BuildAsync(Project(Overwriting, Materialization.Incremental));
        await LoadAsync("(1, 'b')");
        if (strategy is null)
            await _bench.ExecuteAsync("insert into main.target select * from raw.batch", "pg");
        else
            await BuildAsync(Project(Overwriting, Materialization.Incremental));
        await LoadAsync("(6, 'z')");
        await BuildAsync(Project(Overwriting, Materialization.Incremental));
        (await TargetAsync()).ShouldContain("1|b");
        (await TargetAsync()).ShouldContain("1|a");

        await LoadAsync("(1, 'b'), (2, 'a'), (3, 'a'), (4, 'a'), (5, 'a'), (6, 'z')");
        var refreshed = await BuildAsync(
            Project(Overwriting, Materialization.Incremental),
            fullRefresh: true
        );

        (await TargetAsync()).ShouldBe(["1|b", "2|a", "3|a", "4|a", "5|a", "6|z"]);
        refreshed.Node.Writer.ShouldBe("in place, by row");
    }
}
