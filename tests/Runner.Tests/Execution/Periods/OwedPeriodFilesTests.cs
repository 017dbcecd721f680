using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>
/// Microbatch models over landed files: what periods are owed of files that are gone by then, and what files are refused. Runs happen on
/// 2026-11-21; models begin on the 18th.
/// </summary>
public sealed class OwedPeriodFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(
        Func<FilesConfig, FilesConfig>? files = null,
        string columns = "id, ts, _source_file",
        string? select = null
    ) =>
        _bench.DailyProject(
            select ?? $"{columns} from {{events}}",
            files,
            daily => daily with { Lookback = 0 }
        );

    private void Write(string name, params (int Id, string Day)[] rows) => _bench.Land(name, rows);

    private void Remove(string name) => _bench.Unland(name);

    private Task<string> IdsAsync() => _bench.DailyIdsAsync();

    private static Diagnostic[] Said(RunResult result) => [.. result.Node("daily").Diagnostics];

    private static Diagnostic Error(RunResult result) =>
        Said(result).First(said => said.Severity == Severity.Error);

    private static Func<RunRequest, RunRequest> Day(int day) =>
        request =>
            request with
            {
                EventTime = new EventTimeRange(
                    new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 11, day + 1, 0, 0, 0, TimeSpan.Zero)
                ),
            };

    private const string Fails =
        "case when id = 3 then error('boom')::integer else id end as id, ts, _source_file";

    [Fact]
    public async Task ABatchThatFailed_IsNotBuiltWithoutItsFile()
    {
        Write("1", (1, "19"), (2, "20"), (3, "21"));
        (await _bench.BuildAsync(Project(columns: Fails)))
            .OutcomeOf("daily")
            .ShouldBe(Outcome.PartialSuccess);
        Remove("1");
        Write("2", (7, "21"));

        var refused = await _bench.BuildAsync(Project());

        Error(refused).Code.ShouldBe("ST7090");
        Error(refused)
            .Message.ShouldBe(
                "batch 2026-11-21 of 'daily' is not published yet, and may need rows of 1 landed file that is no longer there"
            );
        (await IdsAsync()).ShouldBe("1 2");
        Write("1", (1, "19"), (2, "20"), (3, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 2 3 7");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABatchWithABadRow_SaysHowItsFileCanBeMended(bool replaces)
    {
        _bench.Write("in/1.csv", "id,ts\n1,2026-11-20 00:30:00\nx,2026-11-21 00:30:00\n");
        var failed = await _bench.BuildAsync(Project());
        failed.OutcomeOf("daily").ShouldBe(Outcome.PartialSuccess);
        Error(failed).Code.ShouldBe("ST5004");
        Error(failed)
            .Hint.ShouldBe(
                "fix the file; if other batches of 'daily' were built with it, it counts as read: set on_change: replace, too, or build with '--full-refresh --select daily' (ST7005)"
            );
        Write("1", (1, "20"), (2, "21"));
        Error(await _bench.BuildAsync(Project())).Code.ShouldBe("ST7005");

        (
            replaces
                ? await _bench.BuildAsync(Project(files => files with { OnChange = OnChangedFile.Replace }))
                : await _bench.BuildAsync(Project(), request => request with { FullRefresh = true })
        ).ShouldSucceed();

        (await IdsAsync()).ShouldBe("1 2");
    }

    [Fact]
    public async Task ABatchThatFailed_IsBuilt_WhereOnlyFilesAreGoneThatAreOlderThanItsPeriod()
    {
        Write("1", (1, "19"));
        Write("2", (3, "21"));
        var old = Path.Combine(_bench.Folder, "in/1.csv");
        File.SetLastWriteTimeUtc(old, new DateTime(2026, 11, 20, 23, 0, 0, DateTimeKind.Utc));
        (await _bench.BuildAsync(Project(columns: Fails)))
            .OutcomeOf("daily")
            .ShouldBe(Outcome.PartialSuccess);
        Remove("1");

        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await IdsAsync()).ShouldBe("1 3");
    }

    [Fact]
    public async Task APeriodThatWasNotAskedFor_IsNotBuiltWithoutItsFile_AndOthersAre()
    {
        Write("1", (1, "18"), (2, "20"));
        Write("2", (3, "18"));
        (await _bench.BuildAsync(Project(), Day(18))).ShouldSucceed();
        Remove("1");

        var refused = await _bench.BuildAsync(Project());
        var asked = await _bench.BuildAsync(Project(), Day(20));

        Error(refused).Code.ShouldBe("ST7090");
        Error(asked).Code.ShouldBe("ST7090");
        (await IdsAsync()).ShouldBe("1 3");
        (
            await _bench.BuildAsync(Project(files => files with { OnVanish = OnVanishedFile.Delete }))
        ).ShouldSucceed();
        (await IdsAsync()).ShouldBe("3");
    }

    [Fact]
    public async Task RowsThatAreLate_AreSaid_UnlessTheirPeriodIsBuilt()
    {
        Write("1", (1, "18"), (2, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("1", (1, "18"), (2, "21"), (3, "21"));
        Said((await _bench.BuildAsync(Project())).ShouldSucceed()).ShouldBeEmpty();
        Write("2", (4, "17"), (5, "19"), (6, "21"), (7, "29"));

        var all = Said((await _bench.BuildAsync(Project())).ShouldSucceed());

        all.Select(one => one.Code).ShouldBe(["ST7032", "ST7093"], ignoreOrder: true);
        var said = all.Single(one => one.Code == "ST7093");
        said.Message.ShouldContain("has new rows for batch 2026-11-19 of 'daily'");
        (await IdsAsync()).ShouldBe("1 2 3 6");
        Said((await _bench.BuildAsync(Project(), Day(19))).ShouldSucceed()).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1 2 3 5 6");
        Write("3", (8, "20"), (9, "21"));
        Said((await _bench.BuildAsync(Project(), Day(20))).ShouldSucceed()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileWithoutAnyDeclaredColumn_IsRefused_AndNotTakenForRead()
    {
        Write("1", (1, "20"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        _bench.Write("in/2.csv", "x;y\n7;2026-11-21\n");

        var refused = await _bench.BuildAsync(Project());

        Error(refused).Code.ShouldBe("ST7004");
        Error(refused).Details.Single().ShouldBe("its header names none of the declared columns: x;y");
        (await IdsAsync()).ShouldBe("1");
        Write("2", (7, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        (await IdsAsync()).ShouldBe("1 7");
    }

    [Fact]
    public async Task ColumnsThatAreNew_OrMissing_AreSaid()
    {
        _bench.Write("in/1.csv", "id,ts,mail\n1,2026-11-21 00:30:00,a@b\n");
        _bench.Write("in/2.csv", "ts\n2026-11-21 00:30:00\n");

        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        Said(result).Select(said => said.Code).ShouldBe(["ST7042", "ST7048"], ignoreOrder: true);
        Said(result)
            .Single(said => said.Code == "ST7048")
            .Hint!.ShouldStartWith("declare it: the model has only the declared columns of its files");
        var fails = Project(files => files with { NewColumns = NewFileColumns.Fail });
        _bench.Write("in/3.csv", "id,ts,phone\n3,2026-11-21 00:30:00,1\n");
        Error(await _bench.BuildAsync(fails)).Code.ShouldBe("ST7043");
        var ignores = Project(files => files with { NewColumns = NewFileColumns.Ignore });
        Said((await _bench.BuildAsync(ignores)).ShouldSucceed()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileWithoutAHeader_IsLeftOut_AndReadOnceItHasOne()
    {
        Write("1", (1, "21"));
        _bench.Write("in/2.csv", "");

        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        Said(result).Single().Code.ShouldBe("ST7041");
        (await _bench.QueryAsync("select path from _strata.files where hash = ''")).ShouldBe(["in/2.csv"]);
        var fails = Project(files => files with { OnUnreadable = OnUnreadableFile.Fail });
        _bench.Write("in/3.csv", "");
        Error(await _bench.BuildAsync(fails)).Code.ShouldBe("ST7004");
        Write("2", (2, "21"));
        Write("3", (3, "21"));
        Said((await _bench.BuildAsync(fails)).ShouldSucceed()).ShouldBeEmpty();
        (await IdsAsync()).ShouldBe("1 2 3");
    }

    [Fact]
    public async Task TheNewestLineOfAKey_CanBeTaken()
    {
        const string newest =
            "id, ts, _source_file from {events} qualify row_number() over (partition by id order by _source_row desc) = 1";
        _bench.Write("in/1.csv", "id,ts\n1,2026-11-21 00:30:00\n1,2026-11-21 00:20:00\n");

        (await _bench.BuildAsync(Project(select: newest))).ShouldSucceed();

        (await _bench.QueryAsync("select id, minute(ts) from main.daily")).ShouldBe(["1|20"]);
    }

    [Fact]
    public async Task RowsThatAreLate_AreNotSaid_OfContentThatWasRead()
    {
        Write("1", (1, "18"), (2, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        File.Move(Path.Combine(_bench.Folder, "in/1.csv"), Path.Combine(_bench.Folder, "in/2.csv"));
        Write("3", (1, "18"), (2, "21"));

        Said((await _bench.BuildAsync(Project())).ShouldSucceed()).ShouldBeEmpty();

        Write("4", (4, "18"), (5, "21"));
        Said((await _bench.BuildAsync(Project())).ShouldSucceed())
            .Single()
            .Message.ShouldEndWith("which is not rebuilt: 'daily' may lack them");
        Write("5", (6, "21"));
        Said((await _bench.BuildAsync(Project())).ShouldSucceed()).ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutNotesOfFiles_RowsAreSaidToBeLate_OnlyWhereTheModelHasNone()
    {
        Write("1", (1, "18"), (2, "21"));
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        await _bench.ExecuteAsync("delete from _strata.files");
        Write("2", (3, "21"));

        Said((await _bench.BuildAsync(Project())).ShouldSucceed()).ShouldBeEmpty();

        await _bench.ExecuteAsync("delete from _strata.files");
        Write("3", (4, "19"), (5, "21"));
        Said((await _bench.BuildAsync(Project())).ShouldSucceed())
            .Single()
            .Message.ShouldContain("has new rows for batch 2026-11-19 of 'daily'");
    }

    private Support.ManifestBuilder Json(
        OnRowError? onError = null,
        string columns = "id, ts, _source_file"
    ) =>
        Project(
            files => files with { Path = "in/*.jsonl", Format = FileFormat.JsonLines, OnError = onError },
            columns
        );

    [Fact]
    public async Task JsonThatBecomesNull_IsSaid_OrRefused()
    {
        _bench.Write("in/1.jsonl", "{\"id\":1,\"ts\":\"2026-11-21 00:30:00\"}\n");
        Said((await _bench.BuildAsync(Json())).ShouldSucceed()).ShouldBeEmpty();
        _bench.Write(
            "in/2.jsonl",
            "{\"id\":\"abc\",\"ts\":\"2026-11-21 01:00:00\"}\n{\"id\":7,\"ts\":\"28.11.2026\"}\n{\"id\":3,\"ts\":\"2026-11-\n"
                + "{\"id\":null,\"ts\":\"2026-11-21 02:00:00\"}\n"
        );

        var refused = Error(await _bench.BuildAsync(Json(OnRowError.Fail)));
        var said = Said((await _bench.BuildAsync(Json())).ShouldSucceed()).Single();

        refused.Code.ShouldBe("ST7046");
        refused.Message.ShouldStartWith("3 rows of source");
        said.Code.ShouldBe("ST7049");
        said.Details.ShouldBe([
            "in/2.jsonl:1: column 'id' is not a valid integer: {\"id\":\"abc\",\"ts\":\"2026-11-21 01:00:00\"}",
            "in/2.jsonl:2: column 'ts' is not a valid timestamp: {\"id\":7,\"ts\":\"28.11.2026\"}",
            "in/2.jsonl:3: is not a JSON object: {\"id\":3,\"ts\":\"2026-11-",
        ]);
        // it was said of that file
        Said((await _bench.BuildAsync(Json())).ShouldSucceed()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OnRowError.Keep, "id, ts, _source_file", false)]
    [InlineData(null, "id, ts, _raw, _source_file", false)]
    [InlineData(OnRowError.Quarantine, "id, ts, _source_file", true)]
    public async Task JsonThatBecomesNull_IsNotSaid_WhereSomebodyKeepsIt(
        OnRowError? onError,
        string columns,
        bool isSaid
    )
    {
        _bench.Write("in/1.jsonl", "{\"id\":\"abc\",\"ts\":\"2026-11-21 00:30:00\"}\n");

        var said = Said((await _bench.BuildAsync(Json(onError, columns))).ShouldSucceed());

        said.Select(one => one.Code).ShouldBe(isSaid ? ["ST7049"] : []);
    }
}
