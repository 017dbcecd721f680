using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>Microbatch models on one engine. Runs happen on 2026-11-21; models begin on the 18th.</summary>
public abstract class MicrobatchRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    protected const string Days =
        "(1, '2026-11-18 10:00', '1'), (2, '2026-11-19 10:00', '2'), "
        + "(3, '2026-11-20 10:00', '3'), (4, '2026-11-21 00:00', '4')";

    protected Workbench Bench { get; } = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await Bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await Bench.DisposeAsync();
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
        Bench
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

    protected async Task LoadAsync(
        string values,
        string shape = "id int, ts timestamp, v text",
        string? on = null
    )
    {
        await Bench.ExecuteAsync("create schema if not exists raw", on ?? connection);
        await Bench.ExecuteAsync("drop table if exists raw.events", on ?? connection);
        await Bench.ExecuteAsync($"create table raw.events ({shape})", on ?? connection);
        await Bench.ExecuteAsync($"insert into raw.events values {values}", on ?? connection);
    }

    private Task AddAsync(string values) =>
        Bench.ExecuteAsync($"insert into raw.events values {values}", connection);

    protected async Task<string> TableAsync(string columns = "id, v") =>
        string.Join(
            " ",
            await Bench.QueryAsync($"select {columns} from main.daily order by id, v", connection)
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

        var result = (await Bench.BuildAsync(Project())).ShouldSucceed();

        Batches(result.Node("daily"))
            .ShouldBe("2026-11-18:1 2026-11-19:1 2026-11-20:1 2026-11-21:1 without event time:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");
        (await Bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ledger_CountsBatchesAndTime_AsTheRunDoes()
    {
        // two of these days have rows, and those before them are published together
        await LoadAsync("(1, '2026-11-20 10:00', '1'), (2, '2026-11-21 00:00', '2')");

        var node = (await Bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

        const string of = "from _strata.ledger where node = 'model.shop.daily'";
        (await Bench.QueryAsync($"select batches {of} order by batch_id", connection)).ShouldBe([
            "2",
            "1",
            "1",
        ]);
        var took = long.Parse(
            (await Bench.QueryAsync($"select cast(sum(duration_us) as bigint) {of}", connection)).Single(),
            CultureInfo.InvariantCulture
        );
        took.ShouldBeInRange(1, (long)node.Duration.TotalMicroseconds);
    }

    [Fact]
    public async Task LateRows_WithinLookback_AreTakenIn_AndRowsThatStayAreNotWritten()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Project())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 23:00', 'late'), (8, '2026-11-18 23:00', 'too late')");

        var second = (await Bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

        Batches(second).ShouldBe("2026-11-20:2 2026-11-21:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
        (second.Rows!.Inserted, second.Rows.Deleted, second.Rows.Unchanged).ShouldBe((1, 0, 2));
    }

    protected Support.ManifestBuilder Followed(
        string? inputs = null,
        Func<ModelConfig, ModelConfig>? upstream = null,
        Func<ModelConfig, ModelConfig>? config = null
    ) =>
        Bench
            .Project()
            .Source("events", connection: inputs ?? connection, eventTime: "ts")
            .Model(
                "kept",
                "select id, ts, v from {events}",
                Materialization.Incremental,
                c =>
                    (upstream ?? (u => u))(
                        c with
                        {
                            IncrementalStrategy = IncrementalStrategy.Merge,
                            UniqueKey = ["id"],
                            EventTime = "ts",
                        }
                    ),
                inputs ?? connection
            )
            .Model(
                "daily",
                "select id, ts, v from {kept}",
                Materialization.Incremental,
                c => (config ?? (d => d))(Daily(c)) with { Lookback = 0 },
                connection
            );

    private static RunRequest At(RunRequest request, int day, int hour) =>
        request with
        {
            StartedAt = new DateTimeOffset(2026, 11, day, hour, 0, 0, TimeSpan.Zero),
        };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task RowsOfAPeriod_AfterItsLastRun_AreNotLost_WithoutAFeed(int lookback)
    {
        var project = Project(config: c => c with { Lookback = lookback });
        await LoadAsync(Days);
        (await Bench.BuildAsync(project, r => At(r, 21, 2))).ShouldSucceed();
        // the same day, as far as lookback goes: nothing is late yet
        await AddAsync($"(7, '2026-11-{21 - lookback} 15:00', 'same day')");

        var second = await Bench.BuildAsync(project, r => At(r, 22, 2));

        second.ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|same day");
    }

    [Fact]
    public async Task LateRows_OfAnInputWithAFeed_AreTakenInHoweverLate()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await AddAsync("(7, '2026-11-18 23:00', 'late'), (8, '2026-11-17 23:00', 'before begin')");

        var second = (await Bench.BuildAsync(Followed())).ShouldSucceed().Node("daily");

        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
        Batches(second).ShouldBe("2026-11-18:2 2026-11-21:1");
        second
            .Node.Batches.Select(batch => $"{batch.Period} {batch.Why}")
            .ShouldBe(["2026-11-18 rows arrived", "2026-11-21 lookback"]);
        (await Bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task LateRows_PublishedByAnEarlierRun_StandInThePlan()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await AddAsync("(7, '2026-11-19 23:00', 'late')");
        (await Bench.BuildAsync(Followed(), Only("kept"))).ShouldSucceed();

        var plan = await Bench.PlanAsync(Followed(), Only("daily"));

        var planned = plan.Nodes.Single(node => node.Name == "daily");
        planned
            .Batches.Select(b => $"{b.Period} {b.Why}")
            .ShouldBe(["2026-11-19 rows arrived", "2026-11-21 lookback"]);
        planned.Unfollowed.ShouldBeEmpty();
        (await Bench.BuildAsync(Followed(), Only("daily"))).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
        (await Bench.BuildAsync(Followed(), Only("daily"))).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    [Theory]
    [InlineData("timestamptz", BatchSize.Hour)]
    [InlineData("date", BatchSize.Day)]
    [InlineData("timestamptz", BatchSize.Month)]
    [InlineData("timestamp", BatchSize.Year)]
    public async Task LateRows_OfAnyTypeOfTime_AndSizeOfBatch_AreTakenIn(string type, BatchSize size)
    {
        var begin = size switch
        {
            BatchSize.Hour => new DateTimeOffset(2026, 11, 20, 20, 0, 0, TimeSpan.Zero),
            BatchSize.Day => new DateTimeOffset(2026, 11, 16, 0, 0, 0, TimeSpan.Zero),
            BatchSize.Month => new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero),
            _ => new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        Support.ManifestBuilder Sized() => Followed(config: c => c with { BatchSize = size, Begin = begin });
        await LoadAsync("(4, '2026-11-21 00:30', '4')", $"id int, ts {type}, v text");
        (await Bench.BuildAsync(Sized())).ShouldSucceed();
        var late = begin.AddHours(size == BatchSize.Hour ? 1 : 12).AddMinutes(15);
        await AddAsync($"(7, '{late:yyyy-MM-dd HH:mm}', 'late')");

        var second = (await Bench.BuildAsync(Sized())).ShouldSucceed().Node("daily");

        (await TableAsync()).ShouldBe("4|4 7|late");
        second.Node.Batches[0].Why.ShouldBe("rows arrived");
        second.Batches.Length.ShouldBe(2);
    }

    [Fact]
    public async Task RolledBack_WhatHadArrivedIsDueAgain()
    {
        await LoadAsync(Days);
        var first = (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await AddAsync("(7, '2026-11-18 23:00', 'late')");
        (await Bench.BuildAsync(Followed())).ShouldSucceed();

        (await Bench.RollbackAsync(Followed(), first.Plan.RunId, "model.shop.daily")).ShouldBeBack();

        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
    }

    [Fact]
    public async Task RowsThatMoveToAnotherPeriod_LeaveTheirOldOne()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Logged() =>
            Followed()
                .Model(
                    "log",
                    "select id, _change from {changes kept}",
                    Materialization.Incremental,
                    connection: connection
                );
        (await Bench.BuildAsync(Logged())).ShouldSucceed();
        await Bench.ExecuteAsync("update raw.events set ts = '2026-11-19 11:00' where id = 1", connection);

        var second = (await Bench.BuildAsync(Logged())).ShouldSucceed();

        (await TableAsync("id, cast(cast(ts as date) as text) as v")).ShouldBe(
            "1|2026-11-19 2|2026-11-19 3|2026-11-20 4|2026-11-21"
        );
        Batches(second.Node("daily")).ShouldBe("2026-11-18:0 2026-11-19:2 2026-11-21:1");
        // who reads changes as rows sees the update, and nothing else
        (
            await Bench.QueryAsync("select id, _change from main.log where _change <> 'insert'", connection)
        ).ShouldBe(["1|update"]);
    }

    [Fact]
    public async Task InputThatWasBuiltAnew_EveryPeriodIsBuilt_AndTheReasonSaysSo()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await Bench.ExecuteAsync("update raw.events set v = v || '!' where id < 3", connection);
        (
            await Bench.BuildAsync(Followed(), request => Only("kept")(request) with { FullRefresh = true })
        ).ShouldSucceed();

        var second = (await Bench.BuildAsync(Followed())).ShouldSucceed().Node("daily");

        (await TableAsync()).ShouldBe("1|1! 2|2! 3|3 4|4");
        second.Node.Batches[0].Why.ShouldBe("changes of 'kept' are not all kept");
        second.Batches.Length.ShouldBe(4);
    }

    [Fact]
    public async Task InputThatWasBuiltAnew_ModelThatMayNotBe_IsRefused()
    {
        await LoadAsync(Days);
        var project = Followed(
            upstream: c => c with { IncrementalStrategy = IncrementalStrategy.Append, UniqueKey = [] },
            config: c => c with { FullRefresh = false }
        );
        (await Bench.BuildAsync(project)).ShouldSucceed();

        await Bench.ExecuteAsync("delete from raw.events", connection);

        var second = await Bench.BuildAsync(project, request => request with { FullRefresh = true });

        second.Node("daily").Diagnostics[0].Code.ShouldBe("ST7018");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task FailedBatch_AlthoughItsRowsCameLate_IsTriedAgainAlone()
    {
        Support.ManifestBuilder Tested() =>
            Followed().Test("no_x", "select * from {daily} where v = 'x'", connection: connection);
        await LoadAsync(Days);
        (await Bench.BuildAsync(Tested())).ShouldSucceed();
        await AddAsync("(7, '2026-11-18 23:00', 'x'), (8, '2026-11-19 23:00', 'late')");

        var second = await Bench.BuildAsync(Tested());

        Batches(second.Node("daily")).ShouldBe("2026-11-18:failed 2026-11-19:2 2026-11-21:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 8|late");
        // nothing has moved, but what failed is owed: it alone is built
        var third = await Bench.BuildAsync(Tested());
        Batches(third.Node("daily")).ShouldBe("2026-11-18:failed");
        await Bench.ExecuteAsync("update raw.events set v = 'good' where id = 7", connection);
        var fourth = (await Bench.BuildAsync(Tested())).ShouldSucceed();
        Batches(fourth.Node("daily")).ShouldBe("2026-11-18:2 2026-11-21:1");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|good 8|late");
    }

    [Fact]
    public async Task EventTimesThatAreAskedFor_LeaveWhatArrivedElsewhereToTheNextRun()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await AddAsync("(7, '2026-11-18 23:00', 'late'), (8, '2026-11-20 23:00', 'late too')");
        var range = new EventTimeRange(
            new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)
        );

        var second = await Bench.BuildAsync(Followed(), request => request with { EventTime = range });

        Batches(second.ShouldSucceed().Node("daily")).ShouldBe("2026-11-20:2");
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late 8|late too");
    }

    [Fact]
    public async Task InAPublishGroup_WhatItsInputHasStagedIsTakenIn()
    {
        Support.ManifestBuilder Grouped() =>
            Followed(
                upstream: c => c with { Publish = PublishMode.Run },
                config: c => c with { Publish = PublishMode.Run }
            );
        await LoadAsync(Days);
        (await Bench.BuildAsync(Grouped())).ShouldSucceed();
        await AddAsync("(7, '2026-11-18 23:00', 'late')");

        (await Bench.BuildAsync(Grouped())).ShouldSucceed();

        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late");
        await AddAsync("(8, '2026-11-19 23:00', 'again')");
        (await Bench.BuildAsync(Grouped())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|late 8|again");
    }

    private static Func<RunRequest, RunRequest> Only(string name) =>
        request => request with { Selected = [$"model.shop.{name}"] };

    [Fact]
    public async Task Corrections_ReplaceTheirPeriod_NullsIncluded()
    {
        await LoadAsync($"{Days}, (5, null, 'a'), (5, null, 'a'), (null, '2026-11-20', null)");
        (await Bench.BuildAsync(Project())).ShouldSucceed();
        await Bench.ExecuteAsync("delete from raw.events where id in (3, 5)", connection);
        await AddAsync("(3, '2026-11-20 10:00', 'new'), (5, null, 'a')");

        var second = (await Bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

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

        var first = await Bench.BuildAsync(Numbers());

        first.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        first.OutcomeOf("reader").ShouldBe(Outcome.Skipped);
        Batches(first.Node("daily")).ShouldBe("2026-11-18:1 2026-11-19:failed 2026-11-20:1 2026-11-21:1");
        var problem = first.Node("daily").Diagnostics[^1];
        problem.Code.ShouldBe("ST7031");
        problem.Details.ShouldBe(["2026-11-19"]);
        (await TableAsync()).ShouldBe("1|1 3|3 4|4");

        await LoadAsync(Days);
        (await Bench.PlanAsync(Numbers()))
            .Nodes.Single(node => node.Name == "daily")
            .Batches.Select(batch => $"{batch.Period} {batch.Why}")
            .ShouldBe(["2026-11-19 failed", "2026-11-20 lookback", "2026-11-21 lookback"]);
        (await Bench.BuildAsync(Numbers())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task FirstBatchFails_NothingIsMade()
    {
        await LoadAsync(Days.Replace("'1')", "'x')"));

        var result = await Bench.BuildAsync(Project("select id, ts, cast(v as int) as v from {events}"));

        result.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        (await Bench.LeftOversAsync(connection)).ShouldBeEmpty();
        await LoadAsync(Days);
        (await Bench.BuildAsync(Project("select id, ts, cast(v as int) as v from {events}"))).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task FailingTest_HoldsBackItsBatchOnly()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Tested() =>
            Project().Test("no_x", "select * from {daily} where v = 'x'", connection: connection);
        (await Bench.BuildAsync(Tested())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'good')");

        var second = await Bench.BuildAsync(Tested());

        second.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        Batches(second.Node("daily")).ShouldBe("2026-11-20:failed 2026-11-21:2");
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 8|good");
        (await Bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RowsOfOtherPeriods_AreRefused()
    {
        await LoadAsync(Days);

        var result = await Bench.BuildAsync(
            Project("select id, cast('2026-11-18' as date) as ts, v from {events}")
        );

        result.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        result.Node("daily").Diagnostics[0].Code.ShouldBe("ST7030");
    }

    [Fact]
    public async Task EventTimes_ThatAreAskedFor_AreBuiltAndNoOthers()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Project())).ShouldSucceed();
        await Bench.ExecuteAsync("update raw.events set v = v || '!'", connection);
        var range = new EventTimeRange(
            new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)
        );

        var second = await Bench.BuildAsync(Project(), request => request with { EventTime = range });

        Batches(second.ShouldSucceed().Node("daily")).ShouldBe("2026-11-18:1 2026-11-19:1");
        (await TableAsync()).ShouldBe("1|1! 2|2! 3|3 4|4");
    }

    [Fact]
    public async Task FullRefresh_ReplacesPeriodAfterPeriod_AndLeavesNothingOld()
    {
        await LoadAsync($"{Days}, (5, null, '5')");
        (await Bench.BuildAsync(Project())).ShouldSucceed();
        await LoadAsync(
            "(1, '2026-11-18 11:00', 'a', 9), (6, '2026-11-21', 'b', 8)",
            "id int, ts timestamp, v text, w int"
        );

        var second = await Bench.BuildAsync(
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
            await Bench.BuildAsync(
                Project(config: c =>
                    c with
                    {
                        Begin = new DateTimeOffset(2026, 11, 17, 0, 0, 0, TimeSpan.Zero),
                    }
                )
            )
        ).ShouldSucceed();
        await LoadAsync(Days.Replace("'1')", "'bad')").Replace("'4')", "'9')"));

        var second = await Bench.BuildAsync(
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
            await Bench.BuildAsync(
                Project(
                    "select id, ts, v, 0 as before from {events}",
                    incremental: "select id, ts, v, (select count(*) from {this}) as before from {events}"
                )
            )
        ).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x')");

        (
            await Bench.BuildAsync(
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
        (await Bench.BuildAsync(Followed())).ShouldSucceed();
        await Bench.ExecuteAsync("update raw.events set v = 'new' where id = 3", connection);
        await AddAsync("(7, '2026-11-21 00:10', 'x')");

        (await Bench.BuildAsync(Followed())).ShouldSucceed();

        var log = await Bench.QueryAsync("select id, v, _change from main.log", connection);
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
        (await Bench.BuildAsync(Project())).ShouldSucceed();
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'y')");

        var stopped = await Bench.BuildAsync(
            Project(),
            request => request with { Failpoints = Failpoints.Parse("publish.before_commit:error@2") }
        );
        stopped.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|x");

        (await Bench.BuildAsync(Project())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 7|x 8|y");
        (await Bench.LeftOversAsync(connection)).ShouldBeEmpty();
    }

    /// <summary>A model by day whose definition is another, over a table that does not move.</summary>
    private Support.ManifestBuilder Defined(string value) =>
        Bench
            .Project()
            .Source("events", connection: connection, eventTime: "ts")
            .Model(
                "still",
                "select id, ts, v from {events}",
                Materialization.Table,
                c => c with { EventTime = "ts" },
                connection
            )
            .Model(
                "daily",
                $"select id, ts, {value} as v from {{still}}",
                Materialization.Incremental,
                Daily,
                connection
            );

    [Fact]
    public async Task StoppedBetweenBatches_OfANewDefinition_TheNextRunBuildsTheRestByIt()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Defined("v"))).ShouldSucceed();

        var stopped = await Bench.BuildAsync(
            Defined("v || '!'"),
            request =>
                Only("daily")(request) with
                {
                    Failpoints = Failpoints.Parse("publish.before_commit:error@2"),
                }
        );
        stopped.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3! 4|4");

        (await Bench.BuildAsync(Defined("v || '!'"), Only("daily"))).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3! 4|4!");
        (await Bench.BuildAsync(Defined("v || '!'"), Only("daily")))
            .OutcomeOf("daily")
            .ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task EventTimes_ThatAreAskedForOfANewDefinition_LeaveItToTheNextRun()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Defined("v"))).ShouldSucceed();

        (
            await Bench.BuildAsync(
                Defined("v || '!'"),
                request => Only("daily")(request) with { EventTime = The18th }
            )
        ).ShouldSucceed();
        (await Bench.BuildAsync(Defined("v || '!'"), Only("daily"))).ShouldSucceed();

        (await TableAsync()).ShouldBe("1|1! 2|2 3|3! 4|4!");
    }

    [Fact]
    public async Task EventTimes_ThatTheFirstBuildIsAskedFor_LeaveRowsWithoutTimeToTheNextRun()
    {
        await LoadAsync($"{Days}, (5, null, '5')");
        (await Bench.BuildAsync(Defined("v"), Only("still"))).ShouldSucceed();
        // nothing is missing then but the rows without time
        var first = await Bench.BuildAsync(
            Defined("v"),
            request =>
                Only("daily")(request) with
                {
                    EventTime = new EventTimeRange(The18th.Start, The18th.Start.AddDays(4)),
                }
        );
        Batches(first.ShouldSucceed().Node("daily"))
            .ShouldBe("2026-11-18:1 2026-11-19:1 2026-11-20:1 2026-11-21:1");

        (await Bench.BuildAsync(Defined("v"), Only("daily"))).ShouldSucceed();

        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");
        (await Bench.BuildAsync(Defined("v"), Only("daily"))).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    private static EventTimeRange The18th { get; } =
        new(
            new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero)
        );

    [Fact]
    public async Task InAPublishGroup_AllBatchesArePublishedTogether()
    {
        await LoadAsync(Days);
        Support.ManifestBuilder Grouped() =>
            Project(config: c => c with { Publish = PublishMode.Run })
                .Test("no_x", "select * from {daily} where v = 'x'", connection: connection);
        (await Bench.BuildAsync(Grouped())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
        await AddAsync("(7, '2026-11-20 11:00', 'x'), (8, '2026-11-21 00:30', 'good')");

        var second = await Bench.BuildAsync(Grouped());

        second.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4");
    }

    [Fact]
    public async Task SchemaChange_FollowsTheConfiguration()
    {
        await LoadAsync(Days);
        (await Bench.BuildAsync(Project())).ShouldSucceed();

        var refused = await Bench.BuildAsync(
            Project(
                "select id, ts, v, 1 as w from {events}",
                c => c with { OnSchemaChange = OnSchemaChange.Fail }
            )
        );
        refused.Node("daily").Diagnostics[0].Code.ShouldBe("ST7009");
        (
            await Bench.BuildAsync(
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
        IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task LateRows_FromAnotherEngine_AreTakenInHoweverLate()
    {
        Support.ManifestBuilder Across() => Followed(inputs: "duck");
        await LoadAsync(Days, on: "duck");
        (await Bench.BuildAsync(Across())).ShouldSucceed();
        await Bench.ExecuteAsync("insert into raw.events values (7, '2026-11-18 23:00', 'late')");
        await Bench.ExecuteAsync("update raw.events set ts = '2026-11-20 09:00' where id = 2");

        var second = (await Bench.BuildAsync(Across())).ShouldSucceed().Node("daily");

        second
            .Node.Batches.Select(batch => $"{batch.Period} {batch.Why}")
            .ShouldBe([
                "2026-11-18 rows arrived",
                "2026-11-19 rows arrived",
                "2026-11-20 rows arrived",
                "2026-11-21 lookback",
            ]);
        (await TableAsync("id, cast(cast(ts as date) as text) as v")).ShouldBe(
            "1|2026-11-18 2|2026-11-20 3|2026-11-20 4|2026-11-21 7|2026-11-18"
        );
    }
}
