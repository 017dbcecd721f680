using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>
/// Microbatch models over landed files: no row that comes is passed over, be it bad, late, or added to a file that was read. Runs happen on
/// 2026-11-21; models begin on the 18th and build only what they owe, and the 21st.
/// </summary>
public sealed class NewPeriodRowsTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(
        OnChangedFile change = OnChangedFile.Replace,
        FileFormat format = FileFormat.Csv,
        string type = "timestamp",
        FileEncoding encoding = FileEncoding.Utf8
    ) =>
        _bench.DailyProject(
            "id, ts, v, _source_file from {events}",
            files =>
                files with
                {
                    Format = format,
                    OnChange = change,
                    Encoding = encoding,
                    Columns =
                    [
                        new ColumnInfo("id", "integer", "", [], Volatile: false),
                        new ColumnInfo("ts", type, "", [], Volatile: false),
                        new ColumnInfo("v", "decimal(10,2)", "", [], Volatile: false),
                    ],
                },
            daily => daily with { Lookback = 0 }
        );

    private void Write(string name, params string[] lines) =>
        _bench.Write($"in/{name}.csv", "id,ts,v\n" + string.Concat(lines.Select(line => line + "\n")));

    private async Task<string> RowsAsync() =>
        string.Join(" ", await _bench.QueryAsync("select id || ':' || v from main.daily order by id"));

    private static string[] Codes(RunResult result) =>
        [.. result.Node("daily").Diagnostics.Select(said => said.Code)];

    private static string Reason(RunResult result)
    {
        var error = result.Node("daily").Diagnostics.First(said => said.IsError);
        return string.Join("\n", [error.Message, .. error.Details]);
    }

    private static RunRequest Since(RunRequest request, int day) =>
        request with
        {
            EventTime = new EventTimeRange(
                new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 11, day + 1, 0, 0, 0, TimeSpan.Zero)
            ),
        };

    [Fact]
    public async Task ABadRowOfACorrectedFile_IsAnError_UntilItIsGood()
    {
        var project = Project(type: "date");
        Write("a", "1,2026-11-19,1", "2,2026-11-20,1");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Write("a", "1,2026-11-19,1", "2,2026-11-18,oops");

        var bad = await _bench.BuildAsync(project);
        var again = await _bench.BuildAsync(project);
        Write("a", "1,2026-11-19,1", "2,2026-11-18,2");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        bad.OutcomeOf("daily").ShouldNotBe(Outcome.Succeeded);
        Reason(bad).ShouldContain("in/a.csv:3: column 'v': 'oops'");
        again.OutcomeOf("daily").ShouldNotBe(Outcome.Succeeded);
        (await RowsAsync()).ShouldBe("1:1.00 2:2.00");
    }

    [Fact]
    public async Task AnEventTimeThatDoesNotFit_LeavesTheModelAsItIs()
    {
        Write("a", "1,2026-11-19 00:00:00,1", "2,2026-11-20 00:00:00,1");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", "1,2026-11-19 00:00:00,1", "2,oops,1");

        var result = await _bench.BuildAsync(Project());

        result.OutcomeOf("daily").ShouldBe(Outcome.Failed);
        Reason(result).ShouldContain("in/a.csv:3: column 'ts': 'oops'");
        (await RowsAsync()).ShouldBe("1:1.00 2:1.00");
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("1\0")]
    public async Task ABadRowOfANewFile_IsToldOf_WhereItsPeriodIsNotBuilt(string value)
    {
        Write("a", "1,2026-11-19 00:00:00,1");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("b", $"3,2026-11-19 10:00:00,{value}");

        var result = await _bench.BuildAsync(Project());

        Codes(result).ShouldBe(["ST7093"]);
        (await _bench.BuildAsync(Project(), request => Since(request, 19)))
            .OutcomeOf("daily")
            .ShouldBe(Outcome.Failed);
    }

    [Theory]
    [InlineData(OnChangedFile.Replace, "1:15.00")]
    [InlineData(OnChangedFile.Fail, "1:1.00")]
    public async Task ALastLineWithoutAnEnd_ThatBecomesLonger_HasChanged(OnChangedFile change, string rows)
    {
        _bench.Write("in/a.csv", "id,ts,v\n1,2026-11-19 00:00:00,1");
        (await _bench.BuildAsync(Project(change))).ShouldSucceed();
        _bench.Write("in/a.csv", "id,ts,v\n1,2026-11-19 00:00:00,15\n");

        var result = await _bench.BuildAsync(Project(change));

        Codes(result).ShouldBe(change == OnChangedFile.Fail ? ["ST7005"] : []);
        (await RowsAsync()).ShouldBe(rows);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task ALastLineWithoutAnEnd_ThatIsEnded_HasOnlyGrown(string end)
    {
        _bench.Write("in/a.csv", "id,ts,v\n1,2026-11-19 00:00:00,1".Replace("\n", end));
        (await _bench.BuildAsync(Project(OnChangedFile.Fail))).ShouldSucceed();
        _bench.Write(
            "in/a.csv",
            "id,ts,v\n1,2026-11-19 00:00:00,1\n2,2026-11-21 00:00:00,2\n".Replace("\n", end)
        );

        var result = (await _bench.BuildAsync(Project(OnChangedFile.Fail))).ShouldSucceed();

        Codes(result).ShouldBeEmpty();
        (await RowsAsync()).ShouldBe("1:1.00 2:2.00");
    }

    [Theory]
    [InlineData("", "5\n", false, "ST7005")]
    [InlineData("\n", "2,2026-11-18 00:00:00,2\n", false, "ST7093")]
    [InlineData("", "\n2,2026-11-18 00:00:00,2\n", false, "ST7093")]
    [InlineData("", "5\n", true, "ST7005")]
    [InlineData("\n", "2,2026-11-18 00:00:00,2\n", true, "ST7093")]
    [InlineData("", "\n2,2026-11-18 00:00:00,2\n", true, "ST7093")]
    public async Task TextOfTwoBytesACharacter_GrowsByLines(
        string end,
        string added,
        bool isBigEndian,
        string code
    )
    {
        var project = Project(OnChangedFile.Fail, encoding: FileEncoding.Utf16);
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        Land("id,ts,v\n1,2026-11-19 00:00:00,1" + end);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Land("id,ts,v\n1,2026-11-19 00:00:00,1" + end + added);

        Codes(await _bench.BuildAsync(project)).ShouldBe([code]);

        void Land(string text) =>
            File.WriteAllText(
                Path.Combine(_bench.Folder, "in/a.csv"),
                text,
                isBigEndian ? System.Text.Encoding.BigEndianUnicode : System.Text.Encoding.Unicode
            );
    }

    [Theory]
    [InlineData('\u0d00', false)]
    [InlineData('\u0d00', true)]
    [InlineData('\u0a00', false)]
    [InlineData('\u0a00', true)]
    public async Task ALetterThatIsTheEndOfALineInTheOtherByteOrder_EndsNoLine(char letter, bool isBigEndian)
    {
        var project = Project(OnChangedFile.Fail, encoding: FileEncoding.Utf16);
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        Land("");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Land("s\n");

        // the undeclared column is told of, too
        Codes(await _bench.BuildAsync(project)).ShouldContain("ST7005");

        void Land(string added) =>
            File.WriteAllText(
                Path.Combine(_bench.Folder, "in/a.csv"),
                $"id,ts,v,note\n1,2026-11-19 00:00:00,1,{letter}{added}",
                isBigEndian ? System.Text.Encoding.BigEndianUnicode : System.Text.Encoding.Unicode
            );
    }

    [Fact]
    public async Task RowsAddedToAFile_HaveTheirPeriodsBuilt_WhereFilesAreReplaced()
    {
        Write("a", "1,2026-11-18 00:00:00,1", "2,2026-11-19 00:00:00,1");
        (await _bench.BuildAsync(Project())).ShouldSucceed();
        Write("a", "1,2026-11-18 00:00:00,1", "2,2026-11-19 00:00:00,1", "3,2026-11-19 01:00:00,1");

        var result = (await _bench.BuildAsync(Project())).ShouldSucceed();

        Codes(result).ShouldBeEmpty();
        result
            .Node("daily")
            .Batches.Select(batch => $"{batch.Period}")
            .ShouldBe(["2026-11-19", "2026-11-21"]);
        (await RowsAsync()).ShouldBe("1:1.00 2:1.00 3:1.00");
        (await _bench.BuildAsync(Project())).OutcomeOf("daily").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task RowsAddedToAFile_AreToldOf_WhereTheyAreLate()
    {
        var project = Project(OnChangedFile.Fail);
        Write("a", "1,2026-11-18 00:00:00,1", "", "2,2026-11-19 00:00:00,1");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        Write(
            "a",
            "1,2026-11-18 00:00:00,1",
            "",
            "2,2026-11-19 00:00:00,1",
            "3,2026-11-19 01:00:00,1",
            "4,2026-11-15 00:00:00,1",
            "5,2026-11-21 00:00:00,1"
        );

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        Codes(result).ShouldBe(["ST7032", "ST7093"], ignoreOrder: true);
        var late = result.Node("daily").Diagnostics.Single(said => said.Code == "ST7093");
        late.Message.ShouldContain("batch 2026-11-19");
        result
            .Node("daily")
            .Diagnostics.Single(said => said.Code == "ST7032")
            .Message.ShouldStartWith("1 row of 'events'");
        (await RowsAsync()).ShouldBe("1:1.00 2:1.00 5:1.00");
    }

    [Theory]
    [InlineData(OnChangedFile.Replace)]
    [InlineData(OnChangedFile.Fail)]
    public async Task AHeaderThatIsFilled_IsAsANewFile(OnChangedFile change)
    {
        Write("a");
        (await _bench.BuildAsync(Project(change))).ShouldSucceed();
        Write("a", "1,2026-11-19 00:00:00,1", "2,2026-11-15 00:00:00,1");

        var result = (await _bench.BuildAsync(Project(change))).ShouldSucceed();

        string[] codes = change == OnChangedFile.Replace ? ["ST7032"] : ["ST7032", "ST7093"];
        Codes(result).ShouldBe(codes, ignoreOrder: true);
        (await RowsAsync()).ShouldBe(change == OnChangedFile.Replace ? "1:1.00" : "");
    }

    [Fact]
    public async Task LinesAddedToJson_AreToldOf_WhereTheyAreLate()
    {
        var project = Project(OnChangedFile.Fail, FileFormat.JsonLines);
        const string first = "{\"id\": 1, \"ts\": \"2026-11-18 00:00:00\", \"v\": 1}\n\n";
        _bench.Write("in/a.csv", first);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("in/a.csv", first + "{\"id\": 2, \"ts\": \"2026-11-19 00:00:00\", \"v\": 1}\n");

        var result = (await _bench.BuildAsync(project)).ShouldSucceed();

        result
            .Node("daily")
            .Diagnostics.Single(said => said.Code == "ST7093")
            .Message.ShouldContain("batch 2026-11-19");
    }
}
