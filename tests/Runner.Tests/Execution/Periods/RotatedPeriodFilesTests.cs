using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>
/// Microbatch models over landed files that are rotated as logs are: a file is renamed, and another one takes its name. Runs happen on
/// 2026-11-21; models begin on the 18th and build only what they owe, and the 21st.
/// </summary>
public sealed class RotatedPeriodFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private OnChangedFile _change = OnChangedFile.Fail;
    private OnVanishedFile _vanish = OnVanishedFile.Ignore;

    private Support.ManifestBuilder Project() =>
        _bench.DailyProject(
            "id, ts, _source_file from {events}",
            files => files with { OnChange = _change, OnVanish = _vanish },
            daily => daily with { Lookback = 0 }
        );

    private void Write(string name, params (int Id, string Day)[] rows) => _bench.Land(name, rows);

    private void Move(string from, string to) => _bench.Rename(from, to);

    /// <summary>Runs begin within a second, as they do.</summary>
    private Task<RunResult> RunAsync(Func<RunRequest, RunRequest>? request) =>
        _bench.BuildAsync(
            Project(),
            run => (request?.Invoke(run) ?? run) with { StartedAt = run.StartedAt.AddTicks(6_543_217) }
        );

    private async Task<Diagnostic[]> BuildAsync(Func<RunRequest, RunRequest>? request = null)
    {
        var result = (await RunAsync(request)).ShouldSucceed();
        return [.. result.Node("daily").Diagnostics];
    }

    private async Task ShouldBeRefusedAsync(Func<RunRequest, RunRequest> request, string gone = "in/old.csv")
    {
        var refused = await RunAsync(request);
        refused.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        var error = refused.Node("daily").Diagnostics.Single(said => said.IsError);
        error.Code.ShouldBe("ST7090");
        error.Details.ShouldBe([gone]);
    }

    private static RunRequest Anew(RunRequest request) => request with { FullRefresh = true };

    private static Func<RunRequest, RunRequest> Day(int day) =>
        request =>
            request with
            {
                EventTime = new EventTimeRange(
                    new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 11, day + 1, 0, 0, 0, TimeSpan.Zero)
                ),
            };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RowsOfARotatedFile_AreNotLost_WhenItIsGone(bool isAtOnce)
    {
        Write("cur", (1, "18"), (2, "19"));
        await BuildAsync();
        Move("cur", "old");
        if (!isAtOnce)
            await BuildAsync();
        Write("cur", (3, "21"));
        await BuildAsync();
        _bench.Unland("old");

        await ShouldBeRefusedAsync(Day(18));
        await ShouldBeRefusedAsync(Anew);

        (await _bench.DailyIdsAsync()).ShouldBe("1 2 3");
        // there is nothing of the old file in what was built since
        (await BuildAsync(Day(21))).ShouldBeEmpty();
        (await BuildAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileThatIsRotatedTwice_StillProtectsTheFirstRows()
    {
        Write("cur", (1, "18"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (2, "19"), (3, "21"));
        await BuildAsync();
        await BuildAsync(Day(19));
        Move("cur", "newer");
        Write("cur", (4, "21"));
        await BuildAsync();
        _bench.Unland("old");

        await ShouldBeRefusedAsync(Day(18));

        await BuildAsync(Day(19));
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 3 4");
        (await _bench.QueryAsync("select distinct _source_file from main.daily where id = 2")).ShouldBe([
            "in/newer.csv",
        ]);
    }

    [Fact]
    public async Task ARotatedFileThatIsGoneBeforeItsNameIsTaken_IsStillMissed_WhereFilesAreReplaced()
    {
        _change = OnChangedFile.Replace;
        Write("cur", (1, "18"));
        Write("b", (2, "19"));
        await BuildAsync();
        Move("cur", "old");
        await BuildAsync();
        _bench.Unland("old");
        Write("cur", (3, "21"));

        var said = await BuildAsync();

        said.Select(one => one.Code).ShouldBe(["ST7094"]);
        await ShouldBeRefusedAsync(Day(18));
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LateRowsOfAFileThatTakesTheNameOfARotatedOne_AreSaid(bool isAtOnce)
    {
        Write("cur", (1, "18"), (2, "19"));
        await BuildAsync();
        Move("cur", "old");
        if (!isAtOnce)
            await BuildAsync();
        Write("cur", (3, "20"), (4, "21"));

        var said = await BuildAsync();

        var late = said.ShouldHaveSingleItem();
        late.Code.ShouldBe("ST7093");
        late.Message.ShouldContain("has new rows for batch 2026-11-20 of 'daily'");
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 4");
    }

    [Fact]
    public async Task AFileThatIsCopiedAway_AndGrows_HasItsRows()
    {
        Write("cur", (1, "18"));
        await BuildAsync();
        File.Copy(Path.Combine(_bench.Folder, "in/cur.csv"), Path.Combine(_bench.Folder, "in/old.csv"));
        Write("cur", (1, "18"), (2, "21"));
        await BuildAsync();
        _bench.Unland("old");

        (await BuildAsync(Day(18))).ShouldBeEmpty();

        (await _bench.DailyIdsAsync()).ShouldBe("1 2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatTheRunBuiltThatFoundARotatedFile_HasNoneOfItsRows(bool isNotedInSeconds)
    {
        Write("cur", (1, "18"), (2, "20"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (4, "21"));
        await BuildAsync();
        if (isNotedInSeconds)
            await _bench.QueryAsync(
                "update _strata.batches set known_until = left(known_until, 19) || 'Z' returning known_until"
            );
        _bench.Unland("old");

        (await BuildAsync()).ShouldBeEmpty();

        (await _bench.DailyIdsAsync()).ShouldBe("1 2 4");
        await ShouldBeRefusedAsync(Day(18));
    }

    [Fact]
    public async Task ACorrectedFile_IsBuilt_BesideARotatedOneThatIsGone()
    {
        (_change, _vanish) = (OnChangedFile.Replace, OnVanishedFile.Warn);
        Write("cur", (1, "18"));
        Write("z", (9, "19"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (4, "20"));
        await BuildAsync();
        _bench.Unland("old");
        Write("cur", (44, "20"));

        (await BuildAsync()).Select(one => one.Code).ShouldBe(["ST7045"]);

        (await _bench.DailyIdsAsync()).ShouldBe("1 9 44");
    }

    [Theory]
    [InlineData(OnChangedFile.Fail)]
    [InlineData(OnChangedFile.Replace)]
    public async Task RowsOfARotatedFile_GoWithIt_WhereFilesTakeThemAlong(OnChangedFile change)
    {
        (_change, _vanish) = (change, OnVanishedFile.Delete);
        Write("cur", (1, "18"));
        Write("z", (2, "18"), (9, "19"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (4, "21"));
        await BuildAsync();
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 4 9");
        _bench.Unland("old");

        await BuildAsync();

        (await _bench.DailyIdsAsync()).ShouldBe("2 4 9");
        (await _bench.QueryAsync("select path from _strata.files order by path")).ShouldBe([
            "in/cur.csv",
            "in/z.csv",
        ]);
        (await RunAsync(null)).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task ARotatedFile_KeepsItsRows_WhenTheOneThatTookItsNameIsGone()
    {
        _vanish = OnVanishedFile.Delete;
        Write("cur", (1, "18"));
        Write("z", (9, "19"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (4, "20"), (5, "21"));
        await BuildAsync();
        await BuildAsync(Day(20));
        _bench.Unland("cur");
        await BuildAsync();
        (await _bench.DailyIdsAsync()).ShouldBe("1 9");
        _bench.Unland("old");

        await BuildAsync();

        (await _bench.DailyIdsAsync()).ShouldBe("9");
    }

    [Fact]
    public async Task PeriodsFromBeforeAFileTookItsName_HaveNoneOfItsRows()
    {
        Write("cur", (1, "18"));
        Write("z", (9, "19"));
        await BuildAsync();
        Move("cur", "old");
        Write("cur", (4, "20"), (5, "21"));
        await BuildAsync();
        await BuildAsync(Day(20));
        _bench.Unland("cur");

        (await BuildAsync(Day(18))).ShouldBeEmpty();

        await ShouldBeRefusedAsync(Day(20), "in/cur.csv");
        (await _bench.DailyIdsAsync()).ShouldBe("1 4 5 9");
        (await _bench.QueryAsync("select _source_file from main.daily where id = 1")).ShouldBe([
            "in/old.csv",
        ]);
    }

    [Fact]
    public async Task FilesThatSwapNames_HaveTheRowsThatWereBuiltAsThoseOfTheOther()
    {
        Write("a", (1, "18"));
        Write("b", (2, "18"), (5, "19"));
        await BuildAsync();
        Move("a", "c");
        Move("b", "a");
        Move("c", "b");
        await BuildAsync();
        _bench.Unland("b");

        (await BuildAsync(Day(19))).ShouldBeEmpty();

        await ShouldBeRefusedAsync(Day(18), "in/b.csv");
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 5");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFileThatGrew_AndWasRotated_HasItsRows(bool isAtOnce)
    {
        Write("cur", (1, "18"));
        Write("z", (9, "19"));
        await BuildAsync();
        Write("cur", (1, "18"), (2, "20"));
        Move("cur", "old");
        if (isAtOnce)
            Write("cur", (4, "21"));

        var late = (await BuildAsync()).ShouldHaveSingleItem();

        late.Code.ShouldBe("ST7093");
        late.Message.ShouldContain("has new rows for batch 2026-11-20 of 'daily'");
        Write("cur", (4, "21"));
        (await BuildAsync()).ShouldBeEmpty();
        await BuildAsync(Day(18));
        await BuildAsync(Day(20));
        (await _bench.DailyIdsAsync()).ShouldBe("1 2 4 9");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RowsOfARotatedFileThatGrows_AreNotLost_WhenItIsGone(bool growsBefore)
    {
        Write("cur", (1, "18"));
        Write("z", (9, "19"));
        await BuildAsync();
        if (growsBefore)
            Write("cur", (1, "18"), (2, "20"));
        Move("cur", "old");
        Write("cur", (4, "21"));
        await BuildAsync();
        Write("old", growsBefore ? [(1, "18"), (2, "20"), (3, "20")] : [(1, "18"), (2, "20")]);
        await BuildAsync();
        _bench.Unland("old");

        await ShouldBeRefusedAsync(Day(18));

        (await BuildAsync()).ShouldBeEmpty();
        (await _bench.DailyIdsAsync()).ShouldBe("1 4 9");
    }
}
