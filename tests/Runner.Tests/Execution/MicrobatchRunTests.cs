using Strata.Compiler.Manifest;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Microbatch models on one engine. Runs happen on 2026-11-21; models begin on the 18th.</summary>
public abstract class MicrobatchRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private const string Days =
        "(1, '2026-11-18 10:00', '1'), (2, '2026-11-19 10:00', '2'), "
        + "(3, '2026-11-20 10:00', '3'), (4, '2026-11-21 00:00', '4')";

    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync("drop schema if exists main, raw, _strata, _strata_feed cascade", "pg");
        await _bench.DisposeAsync();
    }

    private static ModelConfig Daily(ModelConfig config) =>
        config with
        {
            IncrementalStrategy = IncrementalStrategy.Microbatch,
            EventTime = "ts",
            BatchSize = BatchSize.Day,
            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
        };

    private Support.ManifestBuilder Project(
        string sql = "select id, ts, v from {events}",
        Func<ModelConfig, ModelConfig>? config = null,
        string? incremental = null
    ) =>
        _bench
            .Project()
            .Source("events", connection: connection, eventTime: "ts")
            .Model(
                "daily",
                sql,
                Materialization.Incremental,
                c => config is null ? Daily(c) : config(Daily(c)),
                connection,
                incremental
            );

    private async Task LoadAsync(string values, string shape = "id int, ts timestamp, v text")
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.events", connection);
        await _bench.ExecuteAsync($"create table raw.events ({shape})", connection);
        await AddAsync(values);
    }

    private Task AddAsync(string values) =>
        _bench.ExecuteAsync($"insert into raw.events values {values}", connection);

    private async Task<string> TableAsync(string columns = "id, v") =>
        string.Join(
            " ",
            await _bench.QueryAsync($"select {columns} from main.daily order by id, v", connection)
        );

    private static string Batches(NodeResult node) =>
        string.Join(
            " ",
            node.Batches.Select(batch => $"{batch.Period}:{(batch.IsPublished ? batch.Rows : "failed")}")
        );

    [Theory]
    [InlineData("timestamp")]
    [InlineData("timestamptz")]
    [InlineData("date")]
    public async Task FirstBuild_BuildsEveryBatchFromBegin_AndTheRowsWithoutTime(string type)
    {
        await LoadAsync(
            $"{Days}, (5, null, '5'), (6, '2026-11-17 23:59', '6')",
            $"id int, ts {type}, v text"
        );

        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        Batches(result.Node("daily"))
            .ShouldBe("2026-11-18:1 2026-11-19:1 2026-11-20:1 2026-11-21:1 without event time:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task LateRows_WithinLookback_AreTakenIn_AndRowsThatStayAreNotWritten()
    {
        await LoadAsync(Days);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 23:00', 'late'), (8, '2026-11-18 23:00', 'too late')");

        var second = (await _bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

        Batches(second).ShouldBe("2026-11-20:2 2026-11-21:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
        (second.Rows!.Inserted, second.Rows.Deleted, second.Rows.Unchanged).ShouldBe((1, 0, 2));
    }

    [Fact]
    public async Task Corrections_ReplaceTheirPeriod_NullsIncluded()
    {
        await LoadAsync($"{Days}, (5, null, 'a'), (5, null, 'a'), (null, '2026-11-20', null)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync("delete from raw.events where id in (3, 5)", connection);
        await AddAsync("(3, '2026-11-20 10:00', 'new'), (5, null, 'a')");

        var second = (await _bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

        (await TableAsync("coalesce(id, 0) as id, coalesce(v, '-') as v")).ShouldBe(
            "0|- 1|1 2|2 3|new 4|4 5|a"
        );
        second.Rows!.Deleted.ShouldBe(2);
    }

    [Fact]
    public async Task FailedBatch_OthersArePublished_ReadersAreSkipped_AndItIsTriedAgain()
    {
        await LoadAsync(Days.Replace("'2')", "'x')"));
        Support.ManifestBuilder Numbers() =>
            Project("select id, ts, cast(v as int) as v from {events}")
                .Model("reader", "select count(*) as n from {daily}", connection: connection);

        var first = await _bench.BuildAsync(Numbers());

        first.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        first.OutcomeOf("reader").ShouldBe(Outcome.Skipped);
        Batches(first.Node("daily")).ShouldBe("2026-11-18:1 2026-11-19:failed 2026-11-20:1 2026-11-21:1");
        var problem = first.Node("daily").Diagnostics[^1];
        problem.Code.ShouldBe("ST7031");
        problem.Details.ShouldBe(["2026-11-19"]);
        (await TableAsync()).ShouldBe("1|1 3|3 4|4");

        await LoadAsync(Days);
        (await _bench.PlanAsync(Numbers()))
            .Nodes.Single(node => node.Name == "daily")
            .Batches.Select(batch => $"{batch.Period} {batch.Why}")
            .ShouldBe(["2026-11-19 failed", "2026-11-20 late rows", "2026-11-21 late rows"]);
        (await _bench.BuildAsync(Numbers())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task FirstBatchFails_NothingIsMade()
    {
        await LoadAsync(Days.Replace("'1')", "'x')"));

        var result = await _bench.BuildAsync(Project("select id, ts, cast(v as int) as v from {events}"));

        result.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
        await LoadAsync(Days);
        (
            await _bench.BuildAsync(Project("select id, ts, cast(v as int) as v from {events}"))
        ).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task FailingTest_HoldsBackItsBatchOnly()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Tested() =>
            Project().Test("no_x", "select * from {daily} where v = 'x'", connection: connection);
        (await _bench.BuildAsync(Tested())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'good')");

        var second = await _bench.BuildAsync(Tested());

        second.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        Batches(second.Node("daily")).ShouldBe("2026-11-20:failed 2026-11-21:2");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 8|good");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RowsOfOtherPeriods_AreRefused()
    {
        await LoadAsync(Days);

        var result = await _bench.BuildAsync(
            Project("select id, cast('2026-11-18' as date) as ts, v from {events}")
        );

        result.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        result.Node("daily").Diagnostics[0].Code.ShouldBe("ST7030");
    }

    [Fact]
    public async Task EventTimes_ThatAreAskedFor_AreBuiltAndNoOthers()
    {
        await LoadAsync(Days);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync("update raw.events set v = v || '!'", connection);
        var range = new EventTimeRange(
            new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)
        );

        var second = await _bench.BuildAsync(Project(), request => request with { EventTime = range });

        Batches(second.ShouldSucceed().Node("daily")).ShouldBe("2026-11-18:1 2026-11-19:1");
        (await TableAsync()).ShouldBe("1|1! 2|2! 3|3 4|4");
    }

    [Fact]
    public async Task FullRefresh_ReplacesPeriodAfterPeriod_AndLeavesNothingOld()
    {
        await LoadAsync($"{Days}, (5, null, '5')");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await LoadAsync(
            "(1, '2026-11-18 11:00', 'a', 9), (6, '2026-11-21', 'b', 8)",
            "id int, ts timestamp, v text, w int"
        );

        var second = await _bench.BuildAsync(
            Project("select id, ts, v, w from {events}"),
            request => request with { FullRefresh = true }
        );

        second.ShouldSucceed();
        (await TableAsync("id, v, w")).ShouldBe("1|a|9 6|b|8");
    }

    [Fact]
    public async Task FullRefresh_FirstBatchFails_TheOthersStartOverAllTheSame()
    {
        await LoadAsync($"{Days}, (6, '2026-11-17', 'foreign')");
        (
            await _bench.BuildAsync(
                Project(config: c =>
                    c with
                    {
                        Begin = new DateTimeOffset(2026, 11, 17, 0, 0, 0, TimeSpan.Zero),
                    }
                )
            )
        ).ShouldSucceed();
        await LoadAsync(Days.Replace("'1')", "'bad')").Replace("'4')", "'9')"));

        var second = await _bench.BuildAsync(
            Project().Test("no_bad", "select * from {daily} where v = 'bad'", connection: connection),
            request => request with { FullRefresh = true }
        );

        second.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|9");
    }

    [Fact]
    public async Task ReadsItself_BatchesFollowEachOther()
    {
        await LoadAsync(Days);
        (
            await _bench.BuildAsync(
                Project(
                    "select id, ts, v, 0 as before from {events}",
                    incremental: "select id, ts, v, (select count(*) from {this}) as before from {events}"
                )
            )
        ).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x')");

        (
            await _bench.BuildAsync(
                Project(
                    "select id, ts, v, 0 as before from {events}",
                    incremental: "select id, ts, v, (select count(*) from {this}) as before from {events}"
                )
            )
        ).ShouldSucceed();

        (await TableAsync("id, before, v")).ShouldBe("1|0|1 2|0|2 3|4|3 4|5|4 7|4|x");
    }

    [Fact]
    public async Task Changes_AreWhatABatchReallyChanged()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Followed() =>
            Project()
                .Model(
                    "log",
                    "select id, v, _change from {changes daily}",
                    Materialization.Incremental,
                    connection: connection
                );
        (await _bench.BuildAsync(Followed())).ShouldSucceed();
        await _bench.ExecuteAsync("update raw.events set v = 'new' where id = 3", connection);
        await AddAsync("(7, '2026-11-21 00:10', 'x')");

        (await _bench.BuildAsync(Followed())).ShouldSucceed();

        var log = await _bench.QueryAsync("select id, v, _change from main.log", connection);
        log.Order(StringComparer.Ordinal)
            .ShouldBe([
                "1|1|insert",
                "2|2|insert",
                "3|3|delete",
                "3|3|insert",
                "3|new|insert",
                "4|4|insert",
                "7|x|insert",
            ]);
    }

    [Fact]
    public async Task StoppedBetweenBatches_TheNextRunTakesInTheRest()
    {
        await LoadAsync(Days);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'y')");

        var stopped = await _bench.BuildAsync(
            Project(),
            request => request with { Failpoints = Failpoints.Parse("publish.before_commit:error@2") }
        );
        stopped.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|x");

        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|x 8|y");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task InAPublishGroup_AllBatchesArePublishedTogether()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Grouped() =>
            Project(config: c => c with { Publish = PublishMode.Run })
                .Test("no_x", "select * from {daily} where v = 'x'", connection: connection);
        (await _bench.BuildAsync(Grouped())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'good')");

        var second = await _bench.BuildAsync(Grouped());

        second.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task SchemaChange_FollowsTheConfiguration()
    {
        await LoadAsync(Days);
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        var refused = await _bench.BuildAsync(
            Project(
                "select id, ts, v, 1 as w from {events}",
                c => c with { OnSchemaChange = OnSchemaChange.Fail }
            )
        );
        refused.Node("daily").Diagnostics[0].Code.ShouldBe("ST7009");
        (
            await _bench.BuildAsync(
                Project(
                    "select id, ts, v, 1 as w from {events}",
                    c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns }
                )
            )
        ).ShouldSucceed();

        (await TableAsync("id, coalesce(w, 0) as w, v")).ShouldBe("1|0|1 2|0|2 3|1|3 4|1|4");
    }
}

public sealed class DuckDbMicrobatchRunTests() : MicrobatchRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresMicrobatchRunTests(PostgresDatabase database)
    : MicrobatchRunTests("pg", database),
        IClassFixture<PostgresDatabase>;
