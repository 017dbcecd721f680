using System.Collections.Immutable;
using System.IO.Compression;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Landing;

/// <summary>Landing zones: every line once, with where it came from; what cannot be read stops the batch.</summary>
public sealed class FilesRunTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static FilesConfig JsonLines(string path = "landing/**/*.jsonl*") =>
        new(
            path,
            FileFormat.JsonLines,
            HivePartitions: true,
            [Column("id"), Column("n", "integer"), Column("day", "integer")]
        );

    private static ColumnInfo Column(string name, string? type = null) =>
        new(name, type, "", [], Volatile: false);

    private Support.ManifestBuilder Bronze(
        FilesConfig? files = null,
        string columns = "id, n, day, _source_file, _source_row, _batch_id, _malformed, _raw"
    ) =>
        _bench
            .Project()
            .Source("events", files ?? JsonLines())
            .Model(
                "bronze",
                $"select {columns} from {{events}} where events._source_row > 0",
                Materialization.Incremental
            );

    [Fact]
    public async Task JsonLines_EveryLineIsARow_WithItsFileAndNumber()
    {
        _bench.Write(
            "landing/day=1/a.jsonl",
            "{\"id\": \"x\", \"n\": 1}\nnot json\n\n{\"id\": 7, \"n\": \"many\"}\n[1]\n"
        );
        _bench.Write("landing/day=2/b.jsonl", "{\"n\": 2}\r\n{\"id\": \"y\"}\r\n");

        (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by _source_file, _source_row")).ShouldBe([
            "x|1|1|landing/day=1/a.jsonl|1|1|False|{\"id\": \"x\", \"n\": 1}",
            "null|null|1|landing/day=1/a.jsonl|2|1|True|not json",
            "7|null|1|landing/day=1/a.jsonl|4|1|False|{\"id\": 7, \"n\": \"many\"}",
            "null|null|1|landing/day=1/a.jsonl|5|1|True|[1]",
            "null|2|2|landing/day=2/b.jsonl|1|1|False|{\"n\": 2}",
            "y|null|2|landing/day=2/b.jsonl|2|1|False|{\"id\": \"y\"}",
        ]);
    }

    [Fact]
    public async Task NewFiles_AreTakenInOnce()
    {
        _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        _bench.Write("landing/day=2/b.jsonl", "{\"id\": \"b\"}\n");
        _bench.Write("landing/day=2/c.jsonl", "{\"id\": \"c\"}\n");

        var plan = await _bench.PlanAsync(Bronze());
        var second = (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        var third = (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        plan.Nodes.Single().Reason.ShouldBe("2 new files");
        plan.Nodes.Single().Action.ShouldBe(PlannedAction.Incremental);
        second.Node("bronze").Rows!.Inserted.ShouldBe(2);
        third.OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
        (await _bench.QueryAsync("select id, _batch_id from main.bronze order by 1")).ShouldBe([
            "a|1",
            "b|2",
            "c|2",
        ]);
    }

    [Fact]
    public async Task FullRefresh_ReadsAllFilesAgain_AndForgetsThoseThatAreGone()
    {
        var gone = _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        File.Delete(gone);
        _bench.Write("landing/day=2/b.jsonl", "{\"id\": \"b\"}\n");

        var project = Bronze(JsonLines() with { OnVanish = OnVanishedFile.Delete });
        (await _bench.BuildAsync(project, r => r with { FullRefresh = true })).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["b"]);
        (await _bench.QueryAsync("select path from _strata.files")).ShouldBe(["landing/day=2/b.jsonl"]);
    }

    [Fact]
    public async Task ParquetZone_ThatIsEmptied_HasTheColumnsThatItHad()
    {
        async Task WriteAsync(string name, string query)
        {
            var path = _bench.Write(name, "");
            await _bench.ExecuteAsync($"copy ({query}) to '{path}' (format parquet)");
        }
        Support.ManifestBuilder Project(string other) =>
            _bench
                .Project()
                .Source("points", new FilesConfig("landing/**/*.parquet", FileFormat.Parquet, true, []))
                .Model("fixed", other)
                .Model(
                    "target",
                    "select id + 1 as id, seen, zone from {points} union all select id, seen, zone from {fixed}",
                    Materialization.Incremental,
                    config => config with { UniqueKey = ["id"] }
                );
        const string first = "select 1 as id, timestamp '2026-01-01' as seen, 'none' as zone";
        await WriteAsync("landing/zone=a/1.parquet", "select 7 as id, timestamp '2026-02-02 10:00' as seen");
        (await _bench.BuildAsync(Project(first))).ShouldSucceed();
        File.Delete(Path.Combine(_bench.Folder, "landing/zone=a/1.parquet"));

        (await _bench.BuildAsync(Project($"{first} union all select 2, null, 'none'"))).ShouldSucceed();

        (await _bench.QueryAsync("select id, zone from main.target order by id")).ShouldBe([
            "1|none",
            "2|none",
            "8|a",
        ]);
        // a whole table is nothing to go by
        (
            await _bench.BuildAsync(Project(first), request => request with { FullRefresh = true })
        ).IsSuccess.ShouldBeFalse();
    }

    [Theory]
    [InlineData("earlier state")]
    [InlineData("renamed source")]
    public async Task AZoneThatIsEmptied_WhoseColumnsAreNotNoted_HasThoseOfTheTable(string why)
    {
        Support.ManifestBuilder Project(string source, string sql) =>
            _bench
                .Project()
                .Source(source, new FilesConfig("in/*", FileFormat.Csv, HivePartitions: false, []))
                .Model("target", sql, Materialization.Incremental);
        var file = _bench.Write("in/a.csv", "id,v\n1,one\n");
        (
            await _bench.BuildAsync(Project("people", "select id, v, _source_file from {people}"))
        ).ShouldSucceed();
        File.Delete(file);
        if (why == "earlier state")
            await _bench.DowngradeStateAsync("duck", 9);
        var name = why == "earlier state" ? "people" : "folk";

        var changed = Project(name, $"select id, upper(v) as v, _source_file from {{{name}}}");
        (await _bench.BuildAsync(changed)).ShouldSucceed();
        _bench.Write("in/b.csv", "id,v\n2,two\n");
        (await _bench.BuildAsync(changed)).ShouldSucceed();

        (await _bench.QueryAsync("select id, v from main.target order by 1")).ShouldBe(["1|one", "2|TWO"]);
        (
            await _bench.QueryAsync($"select names from _strata.landed_columns where source like '%{name}'")
        ).ShouldBe(["[\"id\",\"v\"]"]);
    }

    [Fact]
    public async Task VanishedFile_KeepsItsRows()
    {
        var gone = _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        File.Delete(gone);

        (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task ChangedFile_IsAnError_TouchedFileIsNone()
    {
        var file = _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1));
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"A\"}\n");

        var result = await _bench.BuildAsync(Bronze());

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7005");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task TornCompressedFile_IsLeftOut_AndTakenInWhenItIsWhole()
    {
        var whole = new MemoryStream();
        using (var zip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(
                System.Text.Encoding.UTF8.GetBytes(
                    string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"id\": \"{i}\"}}\n"))
                )
            );
        _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        var torn = _bench.Write("landing/day=1/b.jsonl.gz", "");
        await File.WriteAllBytesAsync(torn, whole.ToArray()[..^20]);

        var result = await _bench.BuildAsync(Bronze());

        var warning = result.ShouldSucceed().Node("bronze").Diagnostics.Single();
        warning.Code.ShouldBe("ST7041");
        warning.Message.ShouldContain("landing/day=1/b.jsonl.gz");
        (await _bench.QueryAsync("select id from main.bronze")).ShouldBe(["a"]);
        (await _bench.QueryAsync("select path, line, reason from _strata.rejected")).ShouldBe([
            "landing/day=1/b.jsonl.gz|null|the compressed file is damaged or ends too early",
        ]);
        (await _bench.BuildAsync(Bronze())).OutcomeOf("bronze").ShouldBe(Outcome.Fresh);

        await File.WriteAllBytesAsync(torn, whole.ToArray());
        (await _bench.BuildAsync(Bronze())).ShouldSucceed();
        (await _bench.QueryAsync("select count(*) from main.bronze")).ShouldBe(["1001"]);
        (await _bench.QueryAsync("select count(*) from _strata.rejected")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task EmptyLanding_GivesNoRowsAndAWarning()
    {
        var result = (await _bench.BuildAsync(Bronze())).ShouldSucceed();

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7006");
        (await _bench.QueryAsync("select count(*) from main.bronze")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Csv_WithDeclaredColumns_IsReadTyped()
    {
        var files = new FilesConfig(
            "in/*.csv",
            FileFormat.Csv,
            false,
            [Column("id", "integer"), Column("name", "varchar")]
        )
        {
            Csv = new CsvDialect { NullTexts = ["NA"] },
        };
        _bench.Write("in/a.csv", "id,name\n1,\"Ann, \"\"A\"\"\"\n2,NA\n");

        (await _bench.BuildAsync(Bronze(files, "id, name, _source_row"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by 1")).ShouldBe(["1|Ann, \"A\"|1", "2|null|2"]);
    }

    [Fact]
    public async Task Parquet_SniffsColumns()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        await _bench.ExecuteAsync(
            $"copy (select range as id from range(3)) to '{_bench.Folder}/in/a.parquet' (format parquet)"
        );
        var files = new FilesConfig("in/*.parquet", FileFormat.Parquet, false, []);

        (await _bench.BuildAsync(Bronze(files, "id, _source_file, _source_row"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by 1")).ShouldBe([
            "0|in/a.parquet|1",
            "1|in/a.parquet|2",
            "2|in/a.parquet|3",
        ]);
    }

    [Fact]
    public async Task Parquet_NamesThatLookLikePatterns_AreFilesOfTheirOwn()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        foreach (var (name, id) in new[] { ("p1", 1), ("p[1]", 2), ("q''?", 3), ("q''x", 4) })
            await _bench.ExecuteAsync(
                $"copy (select {id} as id) to '{_bench.Folder}/in/{name}.parquet' (format parquet)"
            );
        var files = new FilesConfig("in/*.parquet", FileFormat.Parquet, false, []);

        (await _bench.BuildAsync(Bronze(files, "id, _source_file"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by 1")).ShouldBe([
            "1|in/p1.parquet",
            "2|in/p[1].parquet",
            "3|in/q'?.parquet",
            "4|in/q'x.parquet",
        ]);
    }

    [Fact]
    public async Task ViewOverFiles_SeesNewFilesAfterABuild()
    {
        var project = _bench
            .Project()
            .Source("events", JsonLines())
            .Model("v", "select id from {events} e", Materialization.View);
        _bench.Write("landing/day=1/a.jsonl", "{\"id\": \"a\"}\n");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        _bench.Write("landing/day=1/b.jsonl", "{\"id\": \"b\"}\n");

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select id from main.v order by 1")).ShouldBe(["a", "b"]);
    }
}
