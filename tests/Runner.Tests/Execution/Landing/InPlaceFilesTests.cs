using System.Collections.Immutable;
using System.Text;
using Shouldly;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;
using Xunit;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>A microbatch model and a table over the same landed files have the same rows.</summary>
public sealed class InPlaceFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    /// <summary>The codes of what the build of the microbatch model has said.</summary>
    private string _said = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project(Func<FilesConfig, FilesConfig> files) =>
        _bench
            .DailyProject(
                "id, ts, v, w, _source_file, _source_row from {events}",
                landing =>
                    files(
                        landing with
                        {
                            Columns =
                            [
                                .. landing.Columns,
                                new ColumnInfo("v", "decimal(10,2)", "", [], Volatile: false),
                                new ColumnInfo("w", "varchar", "", [], Volatile: false),
                            ],
                        }
                    )
            )
            .Model(
                "taken",
                "select id, ts, v, w, _source_file, _source_row from {events}",
                Materialization.Table
            );

    private void Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_bench.Folder, "in", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
    }

    /// <summary>The rows that both have: <c>id ts v w</c>.</summary>
    private async Task<string[]> RowsAsync(Func<FilesConfig, FilesConfig>? files = null)
    {
        var result = await _bench.BuildAsync(Project(files ?? (same => same)));
        result.ShouldSucceed();
        _said = string.Join(" ", result.Node("daily").Diagnostics.Select(said => said.Code));
        (
            await _bench.QueryAsync(
                "select * from ((from main.daily except all from main.taken) union all (from main.taken except all from main.daily))"
            )
        ).ShouldBeEmpty();
        return await _bench.QueryAsync(
            "select concat_ws(' ', id, strftime(ts, '%d-%H:%M:%S'), coalesce(v::varchar, '-'), coalesce('<' || w || '>', '-')) from main.daily order by id"
        );
    }

    private async Task<string> FailureAsync(Func<FilesConfig, FilesConfig>? files = null)
    {
        var result = await _bench.BuildAsync(Project(files ?? (same => same)));
        result.OutcomeOf("daily").ShouldNotBe(Outcome.Succeeded);
        return Workbench.Text(result.Node("daily").Diagnostics);
    }

    [Fact]
    public async Task ACommentCharacterWithinALine_IsPartOfTheValue()
    {
        Write("a.csv", "# made by hand\nid,ts,v,w\n3,2026-11-21,3,a#b\n#4,\n5,2026-11-21,5,x # y\n");

        (await RowsAsync(files => files with { Csv = new CsvDialect { Comment = '#' } })).ShouldBe([
            "3 21-00:00:00 3.00 <a#b>",
            "5 21-00:00:00 5.00 <x # y>",
        ]);
    }

    [Fact]
    public async Task Utf16_IsReadInBothByteOrders()
    {
        Write("big.csv", "id,ts,v,w\n1,2026-11-20,1,ä\n", Encoding.BigEndianUnicode);
        Write("little.csv", "id,ts,v,w\n2,2026-11-21,2,ö\n", Encoding.Unicode);

        (await RowsAsync(files => files with { Encoding = FileEncoding.Utf16 })).ShouldBe([
            "1 20-00:00:00 1.00 <ä>",
            "2 21-00:00:00 2.00 <ö>",
        ]);
    }

    [Fact]
    public async Task AByteOrderMark_OverridesTheEncoding()
    {
        Write("a.csv", "id,ts,v,w\n1,2026-11-20,1,ä\n", Encoding.BigEndianUnicode);

        (await RowsAsync()).ShouldBe(["1 20-00:00:00 1.00 <ä>"]);
    }

    [Theory]
    [InlineData("2026-11-21 10:00:00+05:30", "04:30:00")]
    [InlineData("2026-11-21 10:00:00+05:30 ", "04:30:00")]
    [InlineData("2026-11-21 10:00:00+05:30:00", "04:30:00")]
    [InlineData("2026-11-21 10:00:00+05:30:15", "04:29:45")]
    [InlineData(" 2026-11-21 10:00:00-02", "12:00:00")]
    [InlineData("2026-11-21 10:00:00", "10:00:00")]
    public async Task AnOffset_IsTakenAway(string text, string time)
    {
        Write("a.csv", $"id,ts,v,w\n1,{text},1,x\n");

        (await RowsAsync()).ShouldBe([$"1 21-{time} 1.00 <x>"]);
    }

    [Theory]
    [InlineData("timestamp", "2026-11-21T10:00:00+05:30 ", "2026-11-21 04:30:00")]
    [InlineData("timestamp_s", "2026-11-21 10:00:00+05:30:00", "2026-11-21 04:30:00")]
    [InlineData("struct(moment timestamp)", "", "2026-11-21 04:29:45")]
    [InlineData("date", "2026-11-21 00:00:00+02", null)]
    [InlineData("date", "2026-11-21 00:00:00+00", "2026-11-21")]
    public async Task AnOffsetInJson_IsTakenAway_AndNoPartOfADay(string type, string text, string? value)
    {
        var day = type.StartsWith("struct")
            ? "{\"moment\": \"2026-11-21 10:00:00+05:30:15 \"}"
            : $"\"{text}\"";
        Write("a.jsonl", $"{{\"id\": 1, \"ts\": \"2026-11-20\", \"x\": {day}}}\n");
        var project = _bench.DailyProject(
            $"id, ts, {(type.StartsWith("struct") ? "x.moment" : "x")} as x, _raw from {{events}}",
            files =>
                files with
                {
                    Path = "in/*.jsonl",
                    Format = FileFormat.JsonLines,
                    Columns = [.. files.Columns, new ColumnInfo("x", type, "", [], Volatile: false)],
                }
        );

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select coalesce(x::varchar, 'null') from main.daily")).ShouldBe([
            value ?? "null",
        ]);
    }

    [Fact]
    public async Task AnEmptyTextInQuotes_IsAText_AndNullTextsAreNullInQuotesToo()
    {
        Write("a.csv", "id,ts,v,w\n1,2026-11-20,\"\",\"\"\n2,2026-11-20,,\n3,2026-11-20,NA,\"NA\"\n");

        (await RowsAsync(files => files with { Csv = new CsvDialect { NullTexts = ["NA"] } })).ShouldBe([
            "1 20-00:00:00 - <>",
            "2 20-00:00:00 - -",
            "3 20-00:00:00 - -",
        ]);
    }

    [Fact]
    public async Task AColumnAndItsAlias_TheAliasIsAnotherColumn()
    {
        Write("a.csv", "id,ts,v,val,w\n1,2026-11-20,,7,x\n");
        Write("b.csv", "id,ts,val,w\n2,2026-11-20,8,x\n");

        (
            await RowsAsync(files =>
                files with
                {
                    Aliases = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(
                        "v",
                        ["val"]
                    ),
                }
            )
        ).ShouldBe(["1 20-00:00:00 - <x>", "2 20-00:00:00 8.00 <x>"]);
        _said.ShouldContain("ST7048");
    }

    [Fact]
    public async Task BlankLinesBeforeAHeader_AreNoRows()
    {
        Write("a.csv", "made by hand\n\nid\tts\tv\tw\n1\t2026-11-20\t1\tx\n");

        (
            await RowsAsync(files =>
                files with
                {
                    Csv = new CsvDialect { SkipLines = 1, Delimiter = "\t" },
                }
            )
        ).ShouldBe(["1 20-00:00:00 1.00 <x>"]);
    }

    [Fact]
    public async Task MixedLineEnds_AreLineEnds()
    {
        Write("a.csv", "id,ts,v,w\r\n1,2026-11-20,1,x\n2,2026-11-20,2,x\r\n");

        (await RowsAsync()).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("oops", "'oops' is not a valid timestamp")]
    [InlineData("2026-11-21 x", "'2026-11-21 x' is not a valid timestamp")]
    public async Task AFolderValueThatDoesNotFit_IsAnErrorOfTheFile(string value, string reason)
    {
        Write($"ts={value}/a.csv", "id,v,w\n1,1,x\n");

        (
            await FailureAsync(files => files with { Path = "in/*/*.csv", HivePartitions = true })
        ).ShouldContain($"in/ts={value}/a.csv: column 'ts': {reason}");
    }

    [Theory]
    [InlineData("2,2026-11-21", "in/a.csv:3: 2 fields where 4 are expected")]
    [InlineData("2,2026-11-21,1,\"a\"b", "in/a.csv:3: text follows a closing quote")]
    [InlineData("2,2026-11-21,1.234,x", "in/a.csv:3: column 'v': '1.234' is not a valid decimal(10,2)")]
    public async Task ARowThatCannotBeRead_IsNamed(string row, string problem)
    {
        Write("a.csv", $"id,ts,v,w\n1,2026-11-21,1,x\n{row}\n");

        (await FailureAsync()).ShouldContain(problem);
    }

    [Fact]
    public async Task AShortRowInANewFile_IsNamed()
    {
        Write("a.csv", "id,ts,v,w\n1,2026-11-21,1,x\n");
        (await _bench.BuildAsync(Project(files => files))).ShouldSucceed();
        Write("b.csv", "id,ts,v,w\n1,2026-11-21,1,x\n2,2026-11-21\n");

        (await FailureAsync()).ShouldContain("in/b.csv:3: 2 fields where 4 are expected");
    }

    [Fact]
    public async Task AShortRowInAView_IsNamed()
    {
        Write("a.csv", "id,ts,v,w\n1,2026-11-21,1,x\n2,2026-11-21\n");
        var project = Project(files => files)
            .Model("seen", "select id, w from {events}", Materialization.View);

        var result = await _bench.BuildAsync(project);

        Workbench
            .Text(result.Node("seen").Diagnostics)
            .ShouldContain("in/a.csv:3: 2 fields where 4 are expected");
    }

    [Fact]
    public async Task WhatTheEngineAloneCannotRead_NoViewReads_AndTestsJudgeAll()
    {
        Write("a.csv", "id,ts,v,w\n1,2026-11-21,1,a#b\n2,2026-11-21\n");
        var project = Project(files => files with { Csv = new CsvDialect { Comment = '#' } })
            .Model("seen", "select id, w from {events}", Materialization.View)
            .Test("cut", "select * from {events} where w = 'a'")
            .Test("whole", "select * from {events} where w = 'a#b'");

        var result = await _bench.BuildAsync(project);

        Workbench.Text(result.Node("seen").Diagnostics).ShouldContain("ST7047");
        var tests = result.Nodes.SelectMany(node => node.Tests).ToDictionary(test => test.Test.Name);
        tests["cut"].Status.ShouldBe(TestStatus.Pass);
        tests["whole"].Failures.ShouldBe(1);
    }

    [Fact]
    public async Task InAView_QuotedTextsAndFoldersAreAsInATable()
    {
        Write(
            "day=2026-11-22/a.csv",
            "id,ts,v,w\n1,2026-11-20,\"\",\"\"\n2,2026-11-20,,\n3,2026-11-20,NA,\"NA\"\n"
        );
        var project = Project(files =>
                files with
                {
                    Path = "in/*/*.csv",
                    HivePartitions = true,
                    Columns = [.. files.Columns, new ColumnInfo("day", "date", "", [], Volatile: false)],
                    Csv = new CsvDialect { NullTexts = ["NA"] },
                }
            )
            .Model("seen", "select id, ts, v, w, day from {events}", Materialization.View)
            .Model("kept", "select id, ts, v, w, day from {events}", Materialization.Table);

        (await _bench.BuildAsync(project)).ShouldSucceed();

        var kept = await _bench.QueryAsync(
            "select concat_ws('|', id, ts, v, w, day) from main.kept order by id"
        );
        kept.ShouldBe(
            await _bench.QueryAsync("select concat_ws('|', id, ts, v, w, day) from main.seen order by id")
        );
        Write("day=2026-11-22%2023:59/a.csv", "id,ts,v,w\n9,2026-11-20,1,x\n");
        Workbench
            .Text(
                (await _bench.BuildAsync(project.Model("again", "select day from {seen}")))
                    .Node("again")
                    .Diagnostics
            )
            .ShouldContain("column 'day': '2026-11-22 23:59' is not a valid date");
    }
}
