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
/// Microbatch models over landed files: no period is built again without the rows of files that are gone. Runs happen on 2026-11-21;
/// models begin on the 18th.
/// </summary>
public sealed class GonePeriodFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(
        string columns = "id, ts, _source_file",
        OnVanishedFile vanish = OnVanishedFile.Ignore,
        Func<ModelConfig, ModelConfig>? config = null,
        OnChangedFile change = OnChangedFile.Fail
    ) =>
        _bench.DailyProject(
            $"{columns} from {{events}}",
            files => files with { OnVanish = vanish, OnChange = change },
            config
        );

    private void Write(string name, int id, string day) => _bench.Land(name, (id, day));

    private void Remove(string name) => _bench.Unland(name);

    private Task<string> IdsAsync() => _bench.DailyIdsAsync();

    private static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

    private static Diagnostic Refused(RunResult result)
    {
        result.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        var error = result.Node("daily").Diagnostics.Single(said => said.Severity == Severity.Error);
        error.Code.ShouldBe("ST7090");
        return error;
    }

    [Theory]
    [InlineData("id, ts, _source_file", "would lose 1 row of 1 landed file that is")]
    [InlineData("id, ts", "could lose rows of 1 landed file that is")]
    public async Task APeriodThatIsBuiltAgain_IsRefused_WhereItHasRowsOfAGoneFile(
        string columns,
        string words
    )
    {
        Write("a", 1, "20");
        Write("b", 2, "21");
        (await _bench.BuildAsync(Project(columns))).ShouldSucceed();
        Remove("a");
        Write("c", 3, "21");

        Refused(await _bench.BuildAsync(Project(columns))).Message.ShouldContain(words);
        (await IdsAsync()).ShouldBe("1 2");
        (await _bench.BuildAsync(Project(columns, OnVanishedFile.Delete))).ShouldSucceed();

        (await IdsAsync()).ShouldBe("2 3");
        (await _bench.QueryAsync("select path from _strata.files order by 1")).ShouldBe([
            "in/b.csv",
            "in/c.csv",
        ]);
    }

    [Fact]
    public async Task PeriodsThatAreNotBuiltAgain_KeepTheRowsOfGoneFiles()
    {
        Write("a", 1, "18");
        Write("b", 2, "21");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("a");
        Write("c", 3, "21");

        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2 3");

        static RunRequest The18th(RunRequest request) =>
            request with
            {
                EventTime = new EventTimeRange(
                    new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero)
                ),
            };
        Refused(await _bench.BuildAsync(Project(), The18th)).Details.ShouldBe(["in/a.csv"]);
        (await IdsAsync()).ShouldBe("1 2 3");
    }

    [Fact]
    public async Task FullRefresh_IsRefused_UnlessTheModelIsToFollowItsFolder()
    {
        Write("a", 1, "18");
        Write("b", 2, "21");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("a");

        var plan = await _bench.PlanAsync(Project(), Anew);
        Refused(await _bench.BuildAsync(Project(), Anew))
            .Message.ShouldBe(
                "rebuilding 'daily' from nothing would lose 1 row of 1 landed file that is no longer there"
            );
        (await IdsAsync()).ShouldBe("1 2");
        var follows = Project(config: config => config with { FullRefresh = true });
        var followed = (await _bench.BuildAsync(follows)).ShouldSucceed();
        var again = (await _bench.BuildAsync(follows, Anew)).ShouldSucceed();

        plan.Nodes[0].Reason.ShouldBe("--full-refresh; 1 file gone (ST7090)");
        followed.Node("daily").Diagnostics.Single().Code.ShouldBe("ST7091");
        again.Node("daily").Diagnostics.ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("2");
        (await _bench.QueryAsync("select path from _strata.files")).ShouldBe(["in/b.csv"]);
    }

    [Fact]
    public async Task ALandingZoneThatIsEmptied_LeavesTheTableAsItIs_AndSaysSo()
    {
        Write("a", 1, "20");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("a");

        var result = await _bench.BuildAsync(Project());

        Refused(result);
        result.Node("daily").Diagnostics.Select(said => said.Code).ShouldBe(["ST7090", "ST7006"], true);
        (await IdsAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task AModelThatAppended_IsNotDividedIntoPeriodsWithoutItsGoneFiles()
    {
        static ModelConfig Appends(ModelConfig config) =>
            config with
            {
                IncrementalStrategy = IncrementalStrategy.Append,
                EventTime = null,
                BatchSize = null,
                Begin = null,
            };
        Write("a", 1, "18");
        Write("b", 2, "21");
        (await _bench.BuildAsync(Project(config: Appends))).ShouldSucceed();
        Remove("a");

        Refused(await _bench.BuildAsync(Project()));
        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task AFileThatMoved_OrIsReplaced_IsNoneThatIsGone()
    {
        var project = Project(change: OnChangedFile.Replace);
        Write("a", 1, "20");
        Write("b", 2, "21");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        File.Move(Path.Combine(_bench.Folder, "in/a.csv"), Path.Combine(_bench.Folder, "in/z.csv"));
        Write("b", 20, "21");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        (await _bench.BuildAsync(project, Anew)).ShouldSucceed();

        result.Node("daily").Diagnostics.ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1 20");
    }

    private static Diagnostic RefusedAsChanged(RunResult result)
    {
        result.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        var error = result.Node("daily").Diagnostics.Single(said => said.Severity == Severity.Error);
        error.Code.ShouldBe("ST7005");
        return error;
    }

    [Theory]
    [InlineData(OnVanishedFile.Ignore)]
    [InlineData(OnVanishedFile.Delete)]
    public async Task AFileThatIsOverwritten_IsRefused_UnlessTheSourceReplaces(OnVanishedFile vanish)
    {
        var project = Project(vanish: vanish);
        Write("export", 1, "20");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/export.csv", "id,ts\n2,2026-11-21 00:30:00\n3,2026-11-21 00:40:00\n");

        var error = RefusedAsChanged(await _bench.BuildAsync(project));
        // what was refused is not taken for known
        RefusedAsChanged(await _bench.BuildAsync(project));

        error.Message.ShouldBe("landed file 'in/export.csv' has changed since 'daily' took it in");
        (await IdsAsync()).ShouldBe("1");
        var replaces = Project(vanish: vanish, change: OnChangedFile.Replace);
        (await _bench.BuildAsync(replaces)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("2 3");
        (await _bench.BuildAsync(project)).ShouldSucceed();
    }

    [Fact]
    public async Task AFileThatIsOverwritten_IsRefused_WhateverPeriodsItsRowsAreIn()
    {
        Write("export", 1, "18");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("export", 2, "21");

        RefusedAsChanged(await _bench.BuildAsync(Project()));

        (await IdsAsync()).ShouldBe("1");
        var anew = (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();
        anew.Node("daily").Diagnostics.Single().Code.ShouldBe("ST7091");
        (await IdsAsync()).ShouldBe("2");
    }

    [Theory]
    [InlineData(OnVanishedFile.Ignore)]
    [InlineData(OnVanishedFile.Delete)]
    public async Task AFileThatTakesThePlaceOfAnother_HasChanged(OnVanishedFile vanish)
    {
        Write("1", 1, "21");
        Write("2", 2, "18");
        (await _bench.BuildAsync(Project(vanish: vanish))).ShouldSucceed();
        Remove("2");
        File.Move(Path.Combine(_bench.Folder, "in/1.csv"), Path.Combine(_bench.Folder, "in/2.csv"));

        RefusedAsChanged(await _bench.BuildAsync(Project(vanish: vanish))).Message.ShouldContain("in/2.csv");

        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task AFileThatGrows_HasItsRows()
    {
        _bench.Write("in/a.csv", "id,ts\n1,2026-11-20 00:30:00\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        _bench.Write("in/a.csv", "id,ts\n1,2026-11-20 00:30:00\n2,2026-11-21 00:30:00\n");

        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        result.Node("daily").Diagnostics.ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task Plan_SaysThatAFileHasChanged_WhereItIsSmaller()
    {
        _bench.Write("in/a.csv", "id,ts\n1,2026-11-20 00:30:00\n2,2026-11-21 00:30:00\n");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", 1, "20");

        var plan = await _bench.PlanAsync(Project());
        var replaced = await _bench.PlanAsync(Project(change: OnChangedFile.Replace));

        plan.Nodes[0].Reason.ShouldBe("'raw.events' changed; 1 changed file (ST7005)");
        replaced.Nodes[0].Reason.ShouldBe("'raw.events' changed");
        RefusedAsChanged(await _bench.BuildAsync(Project()));
    }

    [Fact]
    public async Task ManyGoneFiles_AreNoMatter_WhereTheirPeriodsStay()
    {
        for (var i = 0; i < 1100; i++)
            Write($"{i:0000}", i, "18");
        Write("last", 2000, "21");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        for (var i = 0; i < 1100; i++)
            Remove($"{i:0000}");
        Write("next", 2001, "21");

        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await _bench.QueryAsync("select count(*) from main.daily")).ShouldBe(["1102"]);
        Remove("last");
        Write("another", 2002, "21");
        Refused(await _bench.BuildAsync(Project()))
            .Message.ShouldContain("would lose 1 row of 1101 landed files that are");
    }

    private void Date(string name, int day) =>
        File.SetLastWriteTimeUtc(
            Path.Combine(_bench.Folder, $"in/{name}.csv"),
            new DateTime(2026, 11, day, 12, 0, 0, DateTimeKind.Utc)
        );

    [Theory]
    [InlineData("id, ts")]
    [InlineData("id, ts, null as _source_file")]
    public async Task AGoneFileThatIsOlderThanThePeriods_HasNoRowsInThem(string columns)
    {
        Write("a", 1, "18");
        Date("a", 18);
        Write("b", 2, "21");
        Date("b", 21);
        (await _bench.BuildAsync(Project(columns))).ShouldSucceed();
        Remove("a");
        Write("c", 3, "21");

        (await _bench.BuildAsync(Project(columns))).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2 3");

        Remove("b");
        Write("d", 4, "21");
        Refused(await _bench.BuildAsync(Project(columns))).Details.ShouldBe(["in/b.csv"]);
    }

    [Fact]
    public async Task AGoneFile_IsMissed_WhereTheTableHasRowsOfIt_HoweverOldItIs()
    {
        Write("a", 1, "21");
        Date("a", 18);
        Write("b", 2, "21");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Remove("a");
        Write("c", 3, "21");

        Refused(await _bench.BuildAsync(Project())).Message.ShouldContain("would lose 1 row of 1 landed");
    }
}
