using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Quarantine;

/// <summary>What cannot be taken in goes to <c>_strata.rejected</c>, with path, line, reason and text; the rest is taken in.</summary>
public sealed class FileQuarantineTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static ColumnInfo Column(string name, string? type = null) =>
        new(name, type, "", [], Volatile: false);

    private static FilesConfig Csv(params (string Name, string? Type)[] columns) =>
        new(
            "in/*",
            FileFormat.Csv,
            HivePartitions: false,
            [.. columns.Select(column => Column(column.Name, column.Type))]
        );

    private static FilesConfig People => Csv(("id", "integer"), ("name", "varchar"), ("born", "date"));

    private Support.ManifestBuilder Bronze(FilesConfig files, string columns = "*") =>
        _bench
            .Project()
            .Source("events", files)
            .Model("bronze", $"select {columns} from {{events}}", Materialization.Incremental);

    private Task<string[]> RejectedAsync() =>
        _bench.QueryAsync("select path, line, reason, raw from _strata.rejected order by path, line");

    [Fact]
    public async Task BadCsvRows_GoToTheQuarantine_OthersAreTakenIn()
    {
        _bench.Write(
            "in/a.csv",
            "id,name,born\r\n1,\"Ann\r\nB\",2001-02-03\r\ntwo,Bob,2001-02-03\r\n3,Cy\r\n\"4\"x,Di,\r\n5,,\r\n"
        );

        var result = (await _bench.BuildAsync(Bronze(People, "id, name, born, _source_row"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by id")).ShouldBe([
            "1|Ann\r\nB|02/03/2001|1",
            "5|null|null|5",
        ]);
        (await RejectedAsync()).ShouldBe([
            "in/a.csv|4|column 'id': 'two' is not a valid integer|two,Bob,2001-02-03",
            "in/a.csv|5|2 fields where 3 are expected|3,Cy",
            "in/a.csv|6|text follows a closing quote|\"4\"x,Di,",
        ]);
        var node = result.Node("bronze");
        node.Rows!.Quarantined.ShouldBe(3);
        node.Rows.In.ShouldBe(5);
        node.Diagnostics.Single().Code.ShouldBe("ST7040");
        (await _bench.QueryAsync("select rows_in, rows_quarantined from _strata.ledger")).ShouldBe(["5|3"]);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task OnErrorFail_RefusesTheBatch_AndNamesTheRows()
    {
        _bench.Write("in/a.csv", "id,name,born\n1,Ann,2001-02-03\nx,Bob,\n");

        var result = await _bench.BuildAsync(Bronze(People with { OnError = OnRowError.Fail }));

        var error = result.Node("bronze").Diagnostics.Single();
        error.Code.ShouldBe("ST7046");
        error.Details.Single().ShouldBe("in/a.csv:3: column 'id': 'x' is not a valid integer: x,Bob,");
        (await _bench.QueryAsync("select count(*) from _strata.files")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task UnreadableFiles_AreLeftOut_OthersAreTakenIn()
    {
        _bench.Write("in/a.csv", "id,name,born\n1,Ann,\n");
        File.WriteAllBytes(
            _bench.Write("in/latin.csv", ""),
            Encoding.Latin1.GetBytes("id,name,born\n2,Zoë,\n")
        );
        _bench.Write("in/other.csv", "what,is,this\n1,2,3\n");
        File.WriteAllText(_bench.Write("in/torn.csv.zst", ""), "no zstandard");
        _bench.Write("in/unmarked.csv", "i\0d\0,\0n\0\n\01\0,\0A\0\n\0");
        _bench.Write("in/wide.csv", $"\u0007{new string('x', 600)}\n1\n");
        _bench.Write("in/empty.csv", "");

        var result = (await _bench.BuildAsync(Bronze(People, "id"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze")).ShouldBe(["1"]);
        (await RejectedAsync()).ShouldBe([
            "in/empty.csv|null|it is empty and does not even have a header|null",
            "in/latin.csv|null|its characters are not in the declared encoding: bytes EB|null",
            "in/other.csv|null|its header names none of the declared columns: what, is, this|null",
            "in/torn.csv.zst|null|the compressed file is damaged or ends too early|null",
            "in/unmarked.csv|null|its header contains NUL characters: it is not text, or has another encoding (utf-16?)|null",
            $"in/wide.csv|null|its header names none of the declared columns: \uFFFD{new string('x', 452)}…|null",
        ]);
        result
            .Node("bronze")
            .Diagnostics.Select(d => d.Code)
            .ShouldBe(["ST7041", "ST7041", "ST7041", "ST7041", "ST7041", "ST7041"]);
        (await _bench.BuildAsync(Bronze(People, "id"))).OutcomeOf("bronze").ShouldBe(Outcome.Fresh);
    }

    [Fact]
    public async Task OnUnreadableFail_RefusesTheBatch()
    {
        _bench.Write("in/a.csv", "id,name,born\n1,Ann,\n");
        _bench.Write("in/other.csv", "what,is,this\n1,2,3\n");

        var result = await _bench.BuildAsync(Bronze(People with { OnUnreadable = OnUnreadableFile.Fail }));

        result.Node("bronze").Diagnostics.Single().Code.ShouldBe("ST7004");
        (await _bench.QueryAsync("select count(*) from _strata.files")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task DamagedParquet_IsLeftOut()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        await _bench.ExecuteAsync(
            $"copy (select range as id from range(3)) to '{_bench.Folder}/in/a.parquet' (format parquet)"
        );
        File.WriteAllBytes(
            Path.Combine(_bench.Folder, "in/b.parquet"),
            File.ReadAllBytes(Path.Combine(_bench.Folder, "in/a.parquet"))[..^9]
        );
        var files = new FilesConfig("in/*.parquet", FileFormat.Parquet, false, []);

        (await _bench.BuildAsync(Bronze(files, "id, _source_file"))).ShouldSucceed();

        (await _bench.QueryAsync("select count(*), min(_source_file) from main.bronze")).ShouldBe([
            "3|in/a.parquet",
        ]);
        (await _bench.QueryAsync("select path, line from _strata.rejected")).ShouldBe(["in/b.parquet|null"]);
    }

    [Fact]
    public async Task JsonDocuments_GiveTheirElements_AndBadOnesGoWhereTheSourceSays()
    {
        _bench.Write("in/a.json", "[\n {\"id\": 1, \"n\": {\"m\": 2}},\n 7,\n {\"id\": \"x\"}\n]\n");
        _bench.Write("in/b.json", "{\"id\": 9,\n \"extra\": [1]}");
        var files = new FilesConfig(
            "in/*.json",
            FileFormat.Json,
            false,
            [Column("id", "integer"), Column("n", "json")]
        )
        {
            OnError = OnRowError.Quarantine,
            NewColumns = NewFileColumns.Rescue,
        };

        (await _bench.BuildAsync(Bronze(files, "id, n, _rescued, _source_row"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by id")).ShouldBe([
            "1|{\"m\":2}|{}|1",
            "9|null|{\"extra\":[1]}|1",
        ]);
        (await RejectedAsync()).ShouldBe([
            "in/a.json|3|is not a JSON object|7",
            "in/a.json|4|column 'id': 'x' is not a valid integer|{\"id\": \"x\"}",
        ]);
    }

    [Fact]
    public async Task Text_GivesEveryLine()
    {
        _bench.Write("in/a.log", "one, \"two\n\nthree\t4\r\n");
        var files = new FilesConfig("in/*.log", FileFormat.Text, false, []);

        (await _bench.BuildAsync(Bronze(files, "line, _source_row"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze order by 2")).ShouldBe([
            "one, \"two|1",
            "|2",
            "three\t4|3",
        ]);
    }

    [Theory]
    [InlineData("date", "2024-01-05", true)]
    [InlineData("date", " 2024-1-5 ", true)]
    [InlineData("date", "2024/01/05", true)]
    [InlineData("date", "2024-01-05 00:00:00", true)]
    [InlineData("date", "2024-01-05T00:00:00Z", true)]
    [InlineData("date", "infinity", true)]
    [InlineData("date", "300000-01-01", true)]
    [InlineData("date", "2024-01-05xyz", false)]
    [InlineData("date", "2024-01-5x", false)]
    [InlineData("date", "2024-1-5 7", false)]
    [InlineData("date", "2024-01-05 to 2024-02-01", false)]
    [InlineData("date", "2024-01-05 23:59:00", false)]
    [InlineData("time", "12:30:00.5", true)]
    [InlineData("time", "12:00:00 garbage", false)]
    [InlineData("time", "10:00:00+05", false)]
    [InlineData("decimal(12, 2)", "1.5e2", true)]
    [InlineData("decimal(12, 2)", "1e-7", false)]
    [InlineData("decimal(12, 2)", "1005e-3", false)]
    public async Task ATextOfWhichSomethingWouldBeLeftOut_IsNone(string type, string text, bool isTaken)
    {
        _bench.Write("in/a.csv", $"id,x\n1,{text}\n");

        (
            await _bench.BuildAsync(Bronze(Csv(("id", "integer"), ("x", type)), "id, x is not null"))
        ).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze")).ShouldBe(isTaken ? ["1|True"] : []);
        (await RejectedAsync()).Length.ShouldBe(isTaken ? 0 : 1);
    }

    [Theory]
    [InlineData("integer", "2.7::double", false)]
    [InlineData("integer", "2.0::double", true)]
    [InlineData("bigint", "9007199254740993", true)]
    [InlineData("decimal(12, 2)", "1.005::decimal(6, 3)", false)]
    [InlineData("decimal(12, 2)", "19.989999999999998::double", true)]
    [InlineData("date", "timestamp '2024-01-05 10:00:00'", false)]
    [InlineData("date", "timestamp '2024-01-05 00:00:00'", true)]
    public async Task AValueOfParquetThatWouldBeRounded_IsNone(string type, string value, bool isTaken)
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        await _bench.ExecuteAsync(
            $"copy (select 1 as id, {value} as x) to '{_bench.Folder}/in/a.parquet' (format parquet)"
        );
        var files = Csv(("id", "integer"), ("x", type)) with { Format = FileFormat.Parquet };

        (await _bench.BuildAsync(Bronze(files, "id, x is not null"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze")).ShouldBe(isTaken ? ["1|True"] : []);
        (await RejectedAsync()).Length.ShouldBe(isTaken ? 0 : 1);
    }

    [Fact]
    public async Task AFileWithAByteOrderMark_IsReadAsStrictlyAsOneWithout()
    {
        var bytes = Encoding.Latin1.GetBytes("\u00EF\u00BB\u00BFid,name,born\n1,Jos\u00E9,\n");
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "in"));
        await File.WriteAllBytesAsync(Path.Combine(_bench.Folder, "in/a.csv"), bytes);
        _bench.Write("in/b.csv", "\uFEFFid,name,born\n2,José,\n");

        (await _bench.BuildAsync(Bronze(People, "id, name"))).ShouldSucceed();

        (await _bench.QueryAsync("from main.bronze")).ShouldBe(["2|José"]);
        (await RejectedAsync()).Single().ShouldContain("not in the declared encoding");
    }

    [Fact]
    public async Task NumbersAndDates_AreReadAsTheyAreWritten()
    {
        _bench.Write(
            "in/a.csv",
            "\uFEFFday;amount;stamp\n24.12.2025;1.234,50;24.12.2025 18:00\n\"\";\"\";\n"
        );
        var files = Csv(("day", "date"), ("amount", "decimal(9, 2)"), ("stamp", "timestamp")) with
        {
            Csv = new CsvDialect
            {
                Delimiter = ";",
                DecimalSeparator = ',',
                DateFormat = "%d.%m.%Y",
                TimestampFormat = "%d.%m.%Y %H:%M",
            },
        };

        (await _bench.BuildAsync(Bronze(files, "day, amount, stamp"))).ShouldSucceed();

        (
            await _bench.QueryAsync(
                "select day::varchar, amount::varchar, stamp::varchar from main.bronze order by 1"
            )
        ).ShouldBe(["2025-12-24|1234.50|2025-12-24 18:00:00", "null|null|null"]);
    }
}
