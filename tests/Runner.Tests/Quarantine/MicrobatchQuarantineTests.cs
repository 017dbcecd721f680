using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>
/// Rows that a microbatch model holds back: each belongs to its period, whoever builds that again, and comes back to it.
/// Runs happen on 2026-11-21; the model begins on the 18th.
/// </summary>
public abstract class MicrobatchQuarantineTests(string connection, PostgresDatabase? postgres)
    : IAsyncLifetime
{
    private const string Days =
        "(1, '2026-11-18 10:00', 1), (2, '2026-11-19 10:00', -2), (3, '2026-11-20 10:00', 3), "
        + "(4, '2026-11-20 11:00', -4), (5, '2026-11-21 00:00', 5)";

    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Project(
        Func<ModelConfig, ModelConfig>? config = null,
        string expression = "v >= 0"
    ) =>
        Daily(config)
            .Expect("daily", "expect", null, Severe, ("expression", expression, null))
            .Expect("daily", "not_null", "ts", Severe);

    private Support.ManifestBuilder Daily(Func<ModelConfig, ModelConfig>? config = null) =>
        _bench
            .Project()
            .Source("events", connection: connection, eventTime: "ts")
            .Model(
                "daily",
                "select id, ts, v from {events}",
                Materialization.Incremental,
                c =>
                    (config ?? (d => d))(
                        c with
                        {
                            IncrementalStrategy = IncrementalStrategy.Microbatch,
                            EventTime = "ts",
                            BatchSize = BatchSize.Day,
                            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                        }
                    ),
                connection
            );

    private static readonly TestConfig Severe = new() { Severity = TestSeverity.Quarantine };

    private async Task LoadAsync(string values, string type = "timestamp")
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.events", connection);
        await _bench.ExecuteAsync($"create table raw.events (id int, ts {type}, v int)", connection);
        await _bench.ExecuteAsync($"insert into raw.events values {values}", connection);
    }

    private Task ExecuteAsync(string sql) => _bench.ExecuteAsync(sql, connection);

    private async Task<string> TableAsync() =>
        string.Join(" ", await _bench.QueryAsync("select id, v from main.daily order by 1, 2", connection));

    private async Task<string> QuarantineAsync() =>
        string.Join(
            " ",
            await _bench.QueryAsync(
                "select id, v, _quarantine_status from main.daily__quarantine order by 1, 2",
                connection
            )
        );

    private Task<RunResult> RebuildAsync(Support.ManifestBuilder project, int day, int? last = null) =>
        _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    EventTime = new EventTimeRange(
                        new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero),
                        new DateTimeOffset(2026, 11, (last ?? day) + 1, 0, 0, 0, TimeSpan.Zero)
                    ),
                }
        );

    private Task<RunResult> ReplayAsync(
        Support.ManifestBuilder project,
        bool fullRefresh = false,
        bool isDryRun = false
    ) =>
        _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Selected =
                    [
                        .. request.Selected.Where(id => !id.StartsWith("source.", StringComparison.Ordinal)),
                    ],
                    FullRefresh = fullRefresh,
                    Replay = new ReplayRequest("model.shop.daily") { IsDryRun = isDryRun },
                }
        );

    [Theory]
    [InlineData("timestamp")]
    [InlineData("timestamptz")]
    [InlineData("date")]
    public async Task RowsThatFail_AreHeldBack_AndComeBackToTheirPeriods(string type)
    {
        await LoadAsync($"{Days}, (6, null, 6)", type);
        var node = (await _bench.BuildAsync(Project())).ShouldSucceed().Node("daily");

        node.Outcome.ShouldBe(Outcome.Warned);
        (node.Rows!.In, node.Rows.Out, node.Rows.Quarantined).ShouldBe((6, 3, 3));
        node.Tests.Single(test => test.Test.TestName == "expect").Failures.ShouldBe(2);
        (await TableAsync()).ShouldBe("1|1 3|3 5|5");
        (await QuarantineAsync()).ShouldBe("2|-2|open 4|-4|open 6|6|open");
        (await _bench.LeftOversAsync(connection)).ShouldBeEmpty();

        await ExecuteAsync("update main.daily__quarantine set v = -v where id in (2, 4)");
        (await ReplayAsync(Project(), isDryRun: true))
            .ShouldSucceed()
            .Node("daily")
            .Rows!.Replayed.ShouldBe(2);
        (await TableAsync()).ShouldBe("1|1 3|3 5|5");
        var replay = (await ReplayAsync(Project())).ShouldSucceed().Node("daily").Rows!;

        (replay.In, replay.Inserted, replay.Replayed, replay.Quarantined).ShouldBe((3, 2, 2, 1));
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");
        (await QuarantineAsync()).ShouldBe("2|2|replayed 4|4|replayed 6|6|open");

        // what the source still gives is wrong, and stands corrected
        var again = (await RebuildAsync(Project(), 20)).ShouldSucceed().Node("daily").Rows!;
        (again.In, again.Replayed, again.Unchanged, again.Quarantined).ShouldBe((2, 1, 2, 0));
        (await _bench.BuildAsync(Project(), request => request with { FullRefresh = true })).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");
        (await QuarantineAsync()).ShouldBe("2|2|replayed 4|4|replayed 6|6|open");
    }

    [Fact]
    public async Task APeriodIsBuiltAgain_ItsRowsThatAreRightNow_AreForgotten_AndNoOthers()
    {
        await LoadAsync(Days);
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await ExecuteAsync("update raw.events set v = -v where id in (2, 4)");
        (await RebuildAsync(Project(), 20)).ShouldSucceed();

        (await TableAsync()).ShouldBe("1|1 3|3 4|4 5|5");
        (await QuarantineAsync()).ShouldBe("2|-2|open");

        await ExecuteAsync("update raw.events set v = -2 where id in (1, 2)");
        (await _bench.BuildAsync(Project(), request => request with { FullRefresh = true })).ShouldSucceed();
        (await TableAsync()).ShouldBe("3|3 4|4 5|5");
        (await QuarantineAsync()).ShouldBe("1|-2|open 2|-2|open");
    }

    [Fact]
    public async Task ARowIsCorrectedIntoAnotherPeriod_ItStaysThere_WhicheverIsBuiltAgain()
    {
        await LoadAsync("(1, '2026-11-18 10:00', 1), (2, '2026-11-20 10:00', 2), (3, null, 3)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await ExecuteAsync("update main.daily__quarantine set ts = '2026-11-18 12:00'");
        (await ReplayAsync(Project())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3");

        var there = (await RebuildAsync(Project(), 18)).ShouldSucceed().Node("daily").Rows!;
        (there.In, there.Unchanged, there.Replayed, there.Quarantined).ShouldBe((2, 2, 1, 0));
        await ExecuteAsync("insert into raw.events values (4, null, 4)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await QuarantineAsync()).ShouldBe("3|3|replayed 4|4|open");
        (await _bench.BuildAsync(Project(), request => request with { FullRefresh = true })).ShouldSucceed();

        (await TableAsync()).ShouldBe("1|1 2|2 3|3");
        (await QuarantineAsync()).ShouldBe("3|3|replayed 4|4|open");

        await ExecuteAsync("update main.daily__quarantine set ts = '2026-11-17 12:00' where id = 4");
        var refused = await ReplayAsync(Project());
        Workbench.Text(refused).ShouldContain("ST7070");
        Workbench.Text(refused).ShouldContain("1 of them lies in a period that is not built");
        (await QuarantineAsync()).ShouldBe("3|3|replayed 4|4|open");
    }

    [Fact]
    public async Task KeysAreSettledWithinAPeriod_ReplayTakesAFullRefresh()
    {
        Support.ManifestBuilder Keyed() =>
            Project(c => c with { UniqueKey = ["id"], SequenceBy = "v" }, "v <> 7");
        await LoadAsync("(1, '2026-11-20 10:00', 1), (1, '2026-11-20 11:00', 7), (2, '2026-11-20 10:00', 7)");
        (await _bench.BuildAsync(Keyed())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1");
        await ExecuteAsync("update main.daily__quarantine set v = 8");
        Workbench.Text(await ReplayAsync(Keyed())).ShouldContain("ST7070");

        var rows = (await ReplayAsync(Keyed(), fullRefresh: true)).ShouldSucceed().Node("daily").Rows!;

        (rows.In, rows.MergedAway, rows.Replayed).ShouldBe((3, 1, 2));
        (await TableAsync()).ShouldBe("1|8 2|8");
        (await QuarantineAsync()).ShouldBe("1|8|replayed 2|8|replayed");
    }

    [Fact]
    public async Task TooManyRowsOfAPeriodFail_ThatPeriodIsOwed_AndOthersArePublished()
    {
        await LoadAsync(Days);
        var project = Daily()
            .Expect(
                "daily",
                "expect",
                null,
                Severe with
                {
                    ErrorIf = "> 60%",
                },
                ("expression", "v >= 0", null)
            );
        var node = (await _bench.BuildAsync(project)).Node("daily");

        node.Outcome.ShouldBe(Outcome.PartialSuccess);
        string.Join(" ", node.Batches.Where(b => !b.IsPublished).Select(b => b.Period.ToString()))
            .ShouldBe("2026-11-19");
        (await TableAsync()).ShouldBe("1|1 3|3 5|5");
        (await QuarantineAsync()).ShouldBe("4|-4|open");
        node.Tests.ShouldHaveSingleItem().Status.ShouldBe(TestStatus.Fail);

        await ExecuteAsync("update raw.events set v = 2 where id = 2");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 5|5");
    }

    [Fact]
    public async Task RowsInQuarantine_GoBackWithTheirModel()
    {
        await LoadAsync(Days);
        var first = (await _bench.BuildAsync(Project())).ShouldSucceed().Plan.RunId;
        await ExecuteAsync("update raw.events set v = -v where id in (3, 4)");
        (await RebuildAsync(Project(), 20)).ShouldSucceed();
        await ExecuteAsync("update main.daily__quarantine set v = -v where id in (2, 3)");
        (await ReplayAsync(Project())).ShouldSucceed();
        (await TableAsync()).ShouldBe("1|1 2|2 3|3 4|4 5|5");

        (await _bench.RollbackAsync(Project(), first)).ShouldBeBack();

        (await TableAsync()).ShouldBe("1|1 3|3 5|5");
        (await QuarantineAsync()).ShouldBe("2|-2|open 4|-4|open");
    }

    /// <summary>Rows come late, are wrong, are corrected and replayed, and their periods are built again, in any order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ReplayedHistory_EqualsOneThatNeverFailed(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable
            .Range(1, 9)
            .Select(id =>
                (
                    Id: id,
                    Time: string.Create(
                        CultureInfo.InvariantCulture,
                        $"'2026-11-{random.Next(18, 22)} {random.Next(0, 23):00}:00'"
                    ),
                    Bad: random.Next(3)
                )
            )
            .ToList();
        await LoadAsync("(0, '2026-11-18 00:00', 0)");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        foreach (var some in rows.Chunk(3))
        {
            foreach (var (id, time, bad) in some)
                await ExecuteAsync(
                    $"insert into raw.events values ({id}, {(bad == 2 ? "null" : time)}, {(bad == 1 ? -id : id)})"
                );
            (await _bench.BuildAsync(Project())).ShouldSucceed();
            if (random.Next(2) == 0)
                await CorrectAsync();
            if (random.Next(2) == 0)
                (await RebuildAsync(Project(), random.Next(18, 22))).ShouldSucceed();
        }
        (await RebuildAsync(Project(), 18, 21)).ShouldSucceed();
        await CorrectAsync();

        (await _bench.QueryAsync("select id, ts, v from main.daily order by 1", connection)).ShouldBe(
            await _bench.QueryAsync(
                "select * from (values (0, cast('2026-11-18 00:00' as timestamp), 0), "
                    + string.Join(
                        ", ",
                        rows.Select(row => $"({row.Id}, cast({row.Time} as timestamp), {row.Id})")
                    )
                    + ") as v order by 1",
                connection
            )
        );

        async Task CorrectAsync()
        {
            if (
                (
                    await _bench.QueryAsync(
                        "select 1 from information_schema.tables where table_name = 'daily__quarantine'",
                        connection
                    )
                ).Length == 0
            )
                return;
            foreach (var (id, time, _) in rows)
                await ExecuteAsync(
                    $"update main.daily__quarantine set ts = {time}, v = {id} "
                        + $"where _quarantine_status = 'open' and id = {id}"
                );
            (await ReplayAsync(Project())).ShouldSucceed();
        }
    }
}

public sealed class DuckDbMicrobatchQuarantineTests() : MicrobatchQuarantineTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresMicrobatchQuarantineTests(PostgresDatabase database)
    : MicrobatchQuarantineTests("pg", database),
        IClassFixture<PostgresDatabase>;
