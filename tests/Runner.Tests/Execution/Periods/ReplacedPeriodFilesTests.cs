using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>
/// Microbatch models over landed files that are corrected, or go and take their rows along: which periods are built again. Runs happen on
/// 2026-11-21; models begin on the 18th and build only what they owe, and the 21st.
/// </summary>
public sealed class ReplacedPeriodFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(
        string columns = "id, ts, _source_file",
        OnVanishedFile vanish = OnVanishedFile.Ignore,
        int begin = 18
    ) =>
        _bench.DailyProject(
            $"{columns} from {{events}}",
            files => files with { OnVanish = vanish, OnChange = OnChangedFile.Replace },
            daily =>
                daily with
                {
                    Begin = new DateTimeOffset(2026, 11, begin, 0, 0, 0, TimeSpan.Zero),
                    Lookback = 0,
                }
        );

    private void Write(string name, params (int Id, string Day)[] rows) => _bench.Land(name, rows);

    private void Remove(string name) => _bench.Unland(name);

    private Task<string> IdsAsync() => _bench.DailyIdsAsync();

    private static string[] Codes(RunResult result) =>
        [.. result.Node("daily").Diagnostics.Select(said => said.Code)];

    private static RunRequest The21st(RunRequest request) =>
        request with
        {
            EventTime = new EventTimeRange(
                new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)
            ),
        };

    [Fact]
    public async Task ACorrectedFile_BuildsThePeriodsOfItsOldRowsAndOfItsNewOnes()
    {
        Write("a", (1, "18"), (2, "19"));
        Write("b", (9, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", (10, "18"), (20, "20"));

        var result = await _bench.BuildAsync(Project());

        result.ShouldSucceed();
        Codes(result).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("9 10 20");
        (await _bench.BuildAsync(Project())).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task ARangeThatWasAskedFor_LeavesTheOthersToTheNextRun()
    {
        Write("a", (1, "18"), (2, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", (10, "18"), (20, "21"));

        (await _bench.BuildAsync(Project(), The21st)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 20");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await IdsAsync()).ShouldBe("10 20");
    }

    [Fact]
    public async Task ARunThatEndsBetweenItsBatches_LeavesTheOthersToTheNextRun()
    {
        Write("a", (1, "18"), (2, "19"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", (10, "18"), (20, "19"));

        var failed = await _bench.BuildAsync(
            Project(),
            request => request with { Failpoints = Failpoints.Parse("audit.after:error@2") }
        );
        failed.OutcomeOf("daily").ShouldNotBe(Outcome.Succeeded);
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await IdsAsync()).ShouldBe("10 20");
    }

    [Fact]
    public async Task ATableThatDoesNotTellItsFiles_KeepsOldRows_AndSaysSo()
    {
        Write("a", (1, "18"), (2, "19"));
        (await _bench.BuildAsync(Project("id, ts"))).ShouldSucceed();
        Write("a", (10, "18"));

        var result = await _bench.BuildAsync(Project("id, ts"));

        result.ShouldSucceed();
        Codes(result).ShouldBe(["ST7094"]);
        (await IdsAsync()).ShouldBe("2 10");
    }

    [Fact]
    public async Task AFileThatIsGone_TakesItsRowsAlong()
    {
        Write("a", (1, "18"), (2, "20"));
        Write("b", (3, "18"));
        (await _bench.BuildAsync(Project(vanish: OnVanishedFile.Delete))).ShouldSucceed();
        Remove("a");

        var result = await _bench.BuildAsync(Project(vanish: OnVanishedFile.Delete));

        result.ShouldSucceed();
        Codes(result).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("3");
        (await _bench.QueryAsync("select path from _strata.files")).ShouldBe(["in/b.csv"]);
    }

    [Fact]
    public async Task APeriodWithRowsOfGoneFilesThatAreKept_IsNotBuiltAgain()
    {
        Write("a", (1, "18"));
        Write("b", (2, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("b");
        Write("a", (10, "18"), (3, "19"));

        var result = await _bench.BuildAsync(Project());

        result.ShouldSucceed();
        var warning = result.Node("daily").Diagnostics.ShouldHaveSingleItem();
        warning.Code.ShouldBe("ST7094");
        warning.Message.ShouldContain("batch 2026-11-18 of 'daily'");
        warning.Hint.ShouldNotBeNull().ShouldContain("no later run does it by itself");
        (await IdsAsync()).ShouldBe("1 2 3");
        Write("b", (2, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2 3");
        var the18th = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero);
        (
            await _bench.BuildAsync(
                Project(),
                request => request with { EventTime = new EventTimeRange(the18th, the18th.AddDays(1)) }
            )
        ).ShouldSucceed();
        (await IdsAsync()).ShouldBe("2 3 10");
    }

    [Fact]
    public async Task AJoinOfTwoZones_SaysWhichBatchesStay_AndThatRowsAreOfSeveralFiles()
    {
        var project = _bench.DailyProject(
            "e.id, e.ts, e._source_file from {events} e join {others} o on o.id = e.id",
            files => files with { OnChange = OnChangedFile.Replace },
            daily => daily with { Lookback = 0 },
            others: "others/*.csv"
        );
        Write("a", (1, "18"));
        File.SetLastWriteTimeUtc(
            Path.Combine(_bench.Folder, "in/a.csv"),
            new DateTime(2026, 11, 18, 12, 0, 0, DateTimeKind.Utc)
        );
        _bench.Write("others/o.csv", "id,ts\n1,2026-11-18 00:30:00\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("a");
        _bench.Write("others/o.csv", "id,ts\n2,2026-11-18 00:30:00\n");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        const string moved = "landed file 'others/o.csv' of source 'raw.others' has changed or is gone";
        result
            .Node("daily")
            .Diagnostics.Where(said => said.Code == "ST7094")
            .Select(said => said.Message)
            .ShouldBe(
                [
                    $"{moved}: batch 2026-11-18 of 'daily' stays as it is: rebuilding it would lose rows of other files that are gone",
                    $"{moved}, and 'daily' may keep old rows of it: a row of it may be made of several files, and _source_file names one",
                ],
                ignoreOrder: true
            );
        (await IdsAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task APlan_NamesTheSource_WhosePeriodsAreBuiltForItsFiles()
    {
        var project = Project(vanish: OnVanishedFile.Delete);
        Write("a", (1, "18"));
        Write("b", (2, "19"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Write("c", (3, "21"));
        (await _bench.PlanAsync(project)).Nodes[0].Replaced.ShouldBeEmpty();
        Write("a", (1, "18"), (4, "18"));
        (await _bench.PlanAsync(project)).Nodes[0].Replaced.ShouldBe(["raw.events"]);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Remove("b");

        var plan = await _bench.PlanAsync(project);
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        plan.Nodes[0].Replaced.ShouldBe(["raw.events"]);
        plan.Nodes[0].Batches.Select(batch => $"{batch.Period}").ShouldBe(["2026-11-21"]);
        result
            .Node("daily")
            .Batches.Select(batch => $"{batch.Period}")
            .ShouldBe(["2026-11-19", "2026-11-21"]);
    }

    [Fact]
    public async Task AFileThatGrows_DoesNotBuildItsOldPeriods()
    {
        Write("a", (1, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", (1, "18"), (2, "21"));

        var result = await _bench.BuildAsync(Project());

        result.Node("daily").Batches.Select(batch => $"{batch.Period}").ShouldBe(["2026-11-21"]);
        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task RowsBeforeBegin_AreToldOf_InTheFirstBuildAndOfNewFiles()
    {
        Write("a", (1, "17"), (2, "18"));
        var first = await _bench.BuildAsync(Project());
        Write("b", (3, "15"), (4, "16"), (5, "21"));
        var second = await _bench.BuildAsync(Project());
        Write("a", (1, "16"), (2, "18"));
        var third = await _bench.BuildAsync(Project());

        Said(first)
            .ShouldBe(
                "1 row of 'events' lies before 'begin' of 'daily' (2026-11-18), the first at 2026-11-17 00:30:00: no batch covers it"
            );
        Said(second)
            .ShouldBe(
                "2 rows of 'events' lie before 'begin' of 'daily' (2026-11-18), the first at 2026-11-15 00:30:00: no batch covers them"
            );
        Said(third).ShouldStartWith("1 row of 'events' lies before 'begin'");
        (await _bench.BuildAsync(Project())).OutcomeOf("daily").ShouldBe(Outcome.Fresh);

        static string Said(RunResult result) =>
            result.Node("daily").Diagnostics.Single(said => said.Code == "ST7032").Message;
    }

    [Fact]
    public async Task AZoneWithoutAnyFile_EmptiesNothing_UnlessItIsAskedFor()
    {
        Write("a", (1, "18"));
        (await _bench.BuildAsync(Project(vanish: OnVanishedFile.Delete))).ShouldSucceed();
        Remove("a");

        var refused = await _bench.BuildAsync(Project(vanish: OnVanishedFile.Delete));
        refused.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        Codes(refused).ShouldBe(["ST7095"]);
        (await IdsAsync()).ShouldBe("1");
        (
            await _bench.BuildAsync(
                Project(vanish: OnVanishedFile.Delete),
                request => request with { FullRefresh = true }
            )
        ).ShouldSucceed();

        (await IdsAsync()).ShouldBe("");
    }
}
