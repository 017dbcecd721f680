using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Files of which every row is rejected: nobody takes that for a run that went well, and nothing of them counts as taken in.</summary>
public sealed class RefusedFilesTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig Headerless(params string[] columns) =>
        new(
            "in/*.tsv",
            FileFormat.Csv,
            HivePartitions: false,
            [.. columns.Select(name => new ColumnInfo(name, "varchar", "", [], Volatile: false))]
        )
        {
            Csv = new CsvDialect { Delimiter = "\t", Header = false },
        };

    private Support.ManifestBuilder Bronze(FilesConfig files, string columns = "a, b, _source_file") =>
        _bench
            .Project()
            .Source("rates", files)
            .Model("bronze", $"select {columns} from {{rates}}", Materialization.Incremental);

    private Task<string[]> RowsAsync() => _bench.QueryAsync("select a, b from main.bronze order by a");

    [Fact]
    public async Task AFileWithAFieldTooMany_IsWarnedOf_AndReadAsNewOnceItIsFixed()
    {
        _bench.Write("in/1.tsv", "1\tx\n2\ty\n");
        (await _bench.BuildAsync(Bronze(Headerless("a", "b"))))
            .OutcomeOf("bronze")
            .ShouldBe(Outcome.Succeeded);
        _bench.Write("in/2.tsv", "3\tx\tq\n4\ty\tq\n5\tz\tq\n");

        var refused = (await _bench.BuildAsync(Bronze(Headerless("a", "b")))).ShouldSucceed().Node("bronze");

        refused.Outcome.ShouldBe(Outcome.Warned);
        var warning = refused.Diagnostics.ShouldHaveSingleItem();
        warning.Code.ShouldBe("ST7097");
        warning.Message.ShouldBe("no row of 'in/2.tsv' could be taken in: all 3 rows go to the quarantine");
        warning.Details.ShouldBe(["in/2.tsv:1: 3 fields where 2 are expected: 3\tx\tq"]);
        warning.Hint!.ShouldContain("with header: false every line must have exactly the declared columns");
        (
            await _bench.QueryAsync("select path, hash like 'refused:%' from _strata.files order by path")
        ).ShouldBe(["in/1.tsv|False", "in/2.tsv|True"]);
        var fresh = await _bench.BuildAsync(Bronze(Headerless("a", "b")));
        fresh.OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
        fresh.UnreadFiles.ShouldHaveSingleItem().Paths.ShouldBe(["in/2.tsv"]);

        _bench.Write("in/2.tsv", "3\tx\n4\ty\n5\tz\n");
        (await _bench.BuildAsync(Bronze(Headerless("a", "b"))))
            .OutcomeOf("bronze")
            .ShouldBe(Outcome.Succeeded);

        (await RowsAsync()).ShouldBe(["1|x", "2|y", "3|x", "4|y", "5|z"]);
        (await _bench.QueryAsync("select count(*) from _strata.rejected")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task AFileOfWhichSomeRowsAreTakenIn_IsNoneOfThem()
    {
        _bench.Write("in/1.tsv", "1\tx\n2\n");

        var node = (await _bench.BuildAsync(Bronze(Headerless("a", "b")))).Node("bronze");

        node.Outcome.ShouldBe(Outcome.Succeeded);
        node.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe("ST7040");
        _bench.Write("in/1.tsv", "1\tx\n2\ty\n");
        var error = (await _bench.BuildAsync(Bronze(Headerless("a", "b"))))
            .Node("bronze")
            .Diagnostics.Single();
        error.Code.ShouldBe("ST7005");
        error.Hint!.ShouldContain("on_change: replace");
    }

    [Fact]
    public async Task AFullRefreshThatLosesFiles_SaysOfHowMany()
    {
        for (var i = 1; i <= 8; i++)
            _bench.Write($"in/{i}.tsv", $"{i}\tx\n{i}0\ty\n");
        await _bench.BuildAsync(Bronze(Headerless("a", "b")));
        _bench.Write("in/9.tsv", "9\tx\tq\n");

        var result = await _bench.BuildAsync(
            Bronze(Headerless("a", "b", "c")),
            request => request with { FullRefresh = true }
        );

        var node = result.ShouldSucceed().Node("bronze");
        node.Outcome.ShouldBe(Outcome.Warned);
        var warning = node.Diagnostics.ShouldHaveSingleItem();
        warning.Message.ShouldBe(
            "8 of 9 files of source 'raw.rates': no row could be taken in, all 16 rows go to the quarantine; 'bronze' had rows of them, and loses them"
        );
        warning.Details.Length.ShouldBe(5);
    }

    [Fact]
    public async Task AVersionOfWhichNoRowIsAny_TakesNobodysPlace()
    {
        var files = Headerless("a", "b") with { OnChange = OnChangedFile.Replace };
        _bench.Write("in/1.tsv", "1\tx\n2\ty\n");
        await _bench.BuildAsync(Bronze(files));
        _bench.Write("in/1.tsv", "1\tx\tq\n2\ty\tq\n");

        var node = (await _bench.BuildAsync(Bronze(files))).ShouldSucceed().Node("bronze");

        node.Outcome.ShouldBe(Outcome.Warned);
        node.Diagnostics.Single().Message.ShouldEndWith("; the rows of its earlier version stay");
        (await RowsAsync()).ShouldBe(["1|x", "2|y"]);
        (await _bench.QueryAsync("select path, line, reason from _strata.rejected")).ShouldBe([
            "in/1.tsv|null|none of its 2 rows could be taken in, the first because of: 3 fields where 2 are expected",
        ]);
        _bench.Write("in/1.tsv", "7\tx\n");
        (await _bench.BuildAsync(Bronze(files))).OutcomeOf("bronze").ShouldBe(Outcome.Succeeded);
        (await RowsAsync()).ShouldBe(["7|x"]);
        (await _bench.QueryAsync("select count(*) from _strata.rejected")).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task OfParquet_TheTableTells(Materialization materialization)
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        await _bench.ExecuteAsync($"copy (select 1 as a) to '{_bench.Folder}/in/1.parquet' (format parquet)");
        await _bench.ExecuteAsync(
            $"copy (select 2.5::double as a from range(3)) to '{_bench.Folder}/in/2.parquet' (format parquet)"
        );
        var files = new FilesConfig(
            "in/*.parquet",
            FileFormat.Parquet,
            false,
            [new ColumnInfo("a", "integer", "", [], Volatile: false)]
        );
        var project = _bench
            .Project()
            .Source("rates", files)
            .Model("bronze", "select a from {rates}", materialization);

        var node = (await _bench.BuildAsync(project)).ShouldSucceed().Node("bronze");

        node.Outcome.ShouldBe(Outcome.Warned);
        node.Diagnostics.ShouldHaveSingleItem()
            .Message.ShouldBe(
                "no row of 'in/2.parquet' (2 files were read) could be taken in: all 3 rows go to the quarantine"
            );
    }

    [Fact]
    public async Task AColumnThatIsRescuedUnasked_IsTold_AndNamedWhereOneIsMissing()
    {
        var files = new FilesConfig(
            "in/*.csv",
            FileFormat.Csv,
            false,
            [
                new ColumnInfo("year", "integer", "", [], Volatile: false),
                new ColumnInfo("japan", "varchar", "", [], Volatile: false),
            ]
        );
        _bench.Write("in/1.csv", "year,japan\n2011,1\n");
        _bench.Write("in/2.csv", "year,Nippon\n2012,2\n2012,3\n");
        const string all = "year, japan, _rescued";

        var told = (await _bench.BuildAsync(Bronze(files, all))).ShouldSucceed().Node("bronze");

        told.Outcome.ShouldBe(Outcome.Succeeded);
        told.Diagnostics.Select(found => found.Code).ShouldBe(["ST7042", "ST7098"]);
        told.Diagnostics[0]
            .Hint!.ShouldContain(
                "the file has 'Nippon', which is not declared: if that is its new name, add it to 'aliases': { japan: [\"Nippon\"] }"
            );
        told.Diagnostics[1]
            .Message.ShouldBe(
                "column 'Nippon' (2 rows) of 'in/2.csv' is kept in _rescued: source 'raw.rates' does not declare it"
            );
        var asked = await _bench.BuildAsync(
            Bronze(files with { NewColumns = NewFileColumns.Rescue }, all),
            request => request with { FullRefresh = true }
        );
        asked.Node("bronze").Diagnostics.Select(found => found.Code).ShouldBe(["ST7042"]);
    }
}
