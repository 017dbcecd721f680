using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>
/// Microbatch models over landed files that are given other names, or are gone and not missed. Runs happen on 2026-11-21; models begin on the
/// 18th and build only what they owe, and the 21st.
/// </summary>
public sealed class MovedPeriodFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(
        OnVanishedFile vanish = OnVanishedFile.Ignore,
        OnChangedFile change = OnChangedFile.Fail,
        Func<ModelConfig, ModelConfig>? config = null
    ) =>
        _bench.DailyProject(
            "id, ts, _source_file from {events}",
            files => files with { OnVanish = vanish, OnChange = change },
            daily => (config?.Invoke(daily) ?? daily) with { Lookback = 0 }
        );

    private void Write(string name, params (int Id, string Day)[] rows) => _bench.Land(name, rows);

    private void Move(string from, string to) => _bench.Rename(from, to);

    private Task<string> IdsAsync() => _bench.DailyIdsAsync();

    private static string[] Codes(RunResult result) =>
        [.. result.Node("daily").Diagnostics.Select(said => said.Code)];

    private static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

    private static RunRequest The18th(RunRequest request) =>
        request with
        {
            EventTime = new EventTimeRange(
                new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero)
            ),
        };

    [Fact]
    public async Task APeriodOfARenamedFile_IsBuiltAgain_AsOftenAsItIsAskedFor()
    {
        Write("1", (1, "18"), (2, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Move("1", "2");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await _bench.BuildAsync(Project(), The18th)).ShouldSucceed();
        (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();
        Move("2", "1");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Move("1", "2");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await _bench.BuildAsync(Project(), The18th)).ShouldSucceed();
        Move("2", "1");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await _bench.BuildAsync(Project(), The18th)).ShouldSucceed();
        (await _bench.BuildAsync(Project(), Anew)).ShouldSucceed();

        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task RowsOfARenamedFile_AreNotLost_WhenItIsGone()
    {
        Write("1", (1, "18"), (2, "19"));
        Write("other", (3, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Move("1", "2");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        _bench.Unland("2");

        var refused = await _bench.BuildAsync(Project(), The18th);

        refused.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        var error = refused.Node("daily").Diagnostics.Single(said => said.IsError);
        error.Code.ShouldBe("ST7090");
        error.Message.ShouldContain("would lose 1 row of 1 landed file that is");
        error.Details.ShouldBe(["in/2.csv"]);
    }

    [Fact]
    public async Task TwoFilesOfTheSameContent_AreTwo_WhateverTheyAreCalled()
    {
        Write("1", (1, "18"));
        Write("2", (1, "18"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Move("1", "3");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await _bench.BuildAsync(Project(), The18th)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 1");
        _bench.Unland("2");

        Codes(await _bench.BuildAsync(Project(), The18th)).ShouldBe(["ST7090"]);
    }

    [Fact]
    public async Task ARenamedFileThatIsCorrected_LeavesNoOldRows()
    {
        var project = Project(change: OnChangedFile.Replace);
        Write("1", (1, "18"), (2, "19"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Move("1", "2");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Write("2", (10, "18"));

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        Codes(result).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("10");
    }

    [Fact]
    public async Task ACorrectedFile_IsBuilt_BesideRowsOfARenamedOne()
    {
        var project = Project(change: OnChangedFile.Replace);
        Write("1", (1, "18"));
        Write("a", (2, "18"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Move("1", "2");
        Write("a", (20, "18"));

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        Codes(result).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1 20");
    }

    [Fact]
    public async Task AGoneFile_IsToldOf_WhereTheSourceWantsToKnow()
    {
        var project = Project(OnVanishedFile.Warn);
        Write("1", (1, "18"));
        Write("2", (2, "18"));
        Write("3", (3, "18"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Unland("1");
        Move("2", "4");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        var warning = result.Node("daily").Diagnostics.ShouldHaveSingleItem();
        warning.Code.ShouldBe("ST7045");
        warning.Message.ShouldBe("landed file 'in/1.csv' of source 'raw.events' is no longer there");
        (await IdsAsync()).ShouldBe("1 2 3");
        (await _bench.BuildAsync(project)).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task AGoneFile_IsToldOfOnce_ThoughTheModelIsBuiltAgain()
    {
        Support.ManifestBuilder Of(string id) =>
            _bench.DailyProject(
                $"{id} as id, ts, _source_file from {{events}}",
                files => files with { OnVanish = OnVanishedFile.Warn },
                daily => daily with { Lookback = 0 }
            );
        Write("1", (1, "18"));
        Write("2", (2, "18"));
        (await _bench.BuildAsync(Of("id"))).ShouldSucceed();
        _bench.Unland("1");
        Codes((await _bench.BuildAsync(Of("id"))).ShouldSucceed()).ShouldBe(["ST7045"]);

        var again = (await _bench.BuildAsync(Of("id + 0"))).ShouldSucceed();
        Write("3", (3, "21"));
        var moved = (await _bench.BuildAsync(Of("id + 0"))).ShouldSucceed();

        again.Node("daily").Batches.ShouldNotBeEmpty();
        Codes(again).ShouldBeEmpty();
        Codes(moved).ShouldBe(["ST7045"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ANewFile_DoesNotMakeAZoneOutOfOneThatIsGone(bool isDivided)
    {
        var project = Project(
            OnVanishedFile.Delete,
            config: daily =>
                isDivided
                    ? daily
                    : daily with
                    {
                        IncrementalStrategy = IncrementalStrategy.Append,
                        EventTime = null,
                        BatchSize = null,
                        Begin = null,
                    }
        );
        Write("1", (1, "18"));
        Write("2", (2, "21"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Unland("1");
        _bench.Unland("2");
        _bench.Write("in/9.csv", "id,ts\n9,2026-11-21 00:30:00.5\n");

        var plan = await _bench.PlanAsync(project);
        var refused = await _bench.BuildAsync(project);

        plan.Nodes[0].Reason.ShouldBe("all files gone (ST7095)");
        refused.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        refused
            .Node("daily")
            .Diagnostics.ShouldHaveSingleItem()
            .Message.ShouldBe(
                "source 'raw.events' has none of the 2 files that 'daily' has taken in: only 1 other file matches 'in/*.csv'"
            );
        (await IdsAsync()).ShouldBe("1 2");
        (await _bench.PlanAsync(project, Anew)).Nodes[0].Reason.ShouldBe("--full-refresh");
        (await _bench.BuildAsync(project, Anew)).ShouldSucceed();
        (await IdsAsync()).ShouldBe("9");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AZoneWhoseFilesMoved_OrWhoseOnlyFileIsReplaced_IsThere(bool moves)
    {
        var project = Project(OnVanishedFile.Delete);
        Write("1", (1, "18"));
        if (moves)
            Write("2", (2, "21"));
        (await _bench.BuildAsync(project)).ShouldSucceed();
        if (moves)
        {
            Move("1", "3");
            _bench.Unland("2");
        }
        else
        {
            _bench.Unland("1");
            Write("3", (1, "21"));
        }

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await IdsAsync()).ShouldBe("1");
        (await _bench.QueryAsync("select _source_file from main.daily")).ShouldBe(["in/3.csv"]);
    }
}
