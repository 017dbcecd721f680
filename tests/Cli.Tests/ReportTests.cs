using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Strata.Cli.Reports;

namespace Strata.Cli.Tests;

/// <summary>Reports of a real run whose data does its best to break out of them.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Hostile = "</td><script>alert('x')</script>&\"]]>";

    private readonly TemporaryFolder _folder = new();
    private readonly CliTestHost _host;

    public ReportTests()
    {
        _folder.Write(
            "strata.yml",
            "name: shop\nlayers:\n  silver: { engine: duckdb, schema: silver, materialized: table }\n"
        );
        _folder.Write(
            "profiles.yml",
            "default: local\ntargets:\n  local:\n    duckdb: { type: duckdb, path: shop.duckdb, block_size: 16KB }\n"
        );
        _folder.Write(
            "models/silver/notes.sql",
            $"""
            select id, note, 'ann@home' as email from (values (1, 'fine'), (2, '{Hostile.Replace(
                "'",
                "''"
            )}' || chr(7))) as v(id, note)
            """
        );
        _folder.Write("models/silver/later.sql", "select * from {{ ref \"notes\" }}");
        _folder.Write(
            "models/silver/silver.yml",
            """
            models:
              - name: notes
                config: { unique_key: id }
                columns:
                  - name: id
                    tests: [unique]
                  - name: email
                    tags: [pii]
                  - name: note
                    tests:
                      - expect: { expression: "note = 'fine'" }
                      - not_null: { config: { severity: warn, where: "id > 5", warn_if: "= 0" } }
            """
        );
        _host = new CliTestHost(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task JUnit_SuitePerNode_CountsAddUpAndNothingBreaksOut()
    {
        var document = XDocument.Parse(await ReportAsync("junit"));

        var suites = document.Root.ShouldNotBeNull().Elements("testsuite").ToList();
        suites.Select(suite => (string?)suite.Attribute("name")).ShouldBe(["silver.notes", "silver.later"]);
        var notes = suites[0];
        notes
            .Elements("testcase")
            .Select(test =>
                $"{test.Attribute("name")?.Value.Split('_')[0]} {test.Elements().FirstOrDefault()?.Name}"
            )
            .ShouldBe(["build ", "unique ", "expect failure", "not system-out"], ignoreOrder: true);
        ((int?)notes.Attribute("tests"), (int?)notes.Attribute("failures")).ShouldBe((4, 1));
        ((int?)document.Root.Attribute("failures"), (int?)document.Root.Attribute("skipped")).ShouldBe(
            (1, 1)
        );
        var failure = notes.Descendants("failure").Single();
        failure.Value.ShouldContain("1 of 2 rows (50%)");
        failure.Value.ShouldContain("<script>");
        failure.Parent.ShouldNotBeNull().Attribute("file")?.Value.ShouldBe("models/silver/silver.yml");
        failure.Value.ShouldNotContain("ann@home");
    }

    [Fact]
    public async Task Html_EscapesEverythingAndLoadsNothing()
    {
        var page = await ReportAsync("html");

        page.ShouldStartWith("<!doctype html>");
        page.ShouldContain("&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39;)");
        Regex.Count(page, "<script").ShouldBe(1, "our own and no other");
        Regex.Matches(page, @"(?:src|href|action)\s*=|url\(|@import|https?://").ShouldBeEmpty();
        page.ShouldContain("default-src 'none'".Replace("'", "&#39;"));
        page.ShouldNotContain("ann@home");
        page.ShouldContain("masked: email");
        foreach (
            var element in new[] { "div", "section", "details", "table", "tr", "td", "svg", "span", "main" }
        )
            Regex.Count(page, $"<{element}[ >]").ShouldBe(Regex.Count(page, $"</{element}>"), element);
    }

    [Fact]
    public async Task Html_Totals_CountUnitTestsToo()
    {
        _folder.Write(
            "models/silver/units.yml",
            """
            unit_tests:
              - name: keeps_all
                model: later
                given:
                  - input: ref('notes')
                    rows: [{ id: 7, note: x, email: e }]
                expect:
                  rows: [{ id: 7 }]
              - name: is_wrong
                model: later
                given:
                  - input: ref('notes')
                    rows: [{ id: 7, note: x, email: e }]
                expect:
                  rows: [{ id: 8 }]
            """
        );

        var page = await ReportAsync("html");

        // of relations: unique passes, not_null warns, expect fails
        Tile(page, "failed tests").ShouldBe("2");
        Tile(page, "passed").ShouldBe("2");
        Tile(page, "warned").ShouldBe("1");

        static string Tile(string page, string name) =>
            Regex.Match(page, $"<b>([0-9,]+)</b>\\s*<span>{name}</span>").Groups[1].Value;
    }

    [Fact]
    public async Task JUnit_UnitTestThatWarnsAndFails_IsCalledByTheFailure()
    {
        _folder.Write(
            "models/silver/units.yml",
            """
            unit_tests:
              - name: is_wrong
                model: later
                given:
                  - input: ref('notes')
                    rows: [{ id: 7 }]
                expect:
                  rows: [{ id: 8 }]
            """
        );
        _folder.Write("models/silver/later.sql", "select id, note from {{ ref \"notes\" }}");

        var document = XDocument.Parse(await ReportAsync("junit"));

        var failure = document
            .Descendants("testcase")
            .Single(test => test.Attribute("name")?.Value == "is_wrong")
            .Element("failure")
            .ShouldNotBeNull();
        failure.Attribute("type")?.Value.ShouldBe("ST6050");
        failure.Attribute("message")?.Value.ShouldContain("is_wrong");
        failure.Value.ShouldContain("ST6048");
        // nothing is built for a unit test
        failure
            .Ancestors("testsuite")
            .Single()
            .Elements("testcase")
            .Select(test => test.Attribute("name")?.Value)
            .ShouldBe(["is_wrong"]);
    }

    [Fact]
    public async Task Html_FiguresOfAPass_TellFailuresFromRows()
    {
        _folder.Write(
            "models/silver/silver.yml",
            """
            models:
              - name: notes
                tests:
                  - expect: { expression: "note = 'fine'", mostly: 0.4 }
                  - expect: { expression: "note = 'fine'", name: diverts, severity: quarantine }
            """
        );
        var path = Path.Combine(_folder.Path, "report.html");
        (await _host.RunAsync("build", "--report", $"html={path}")).ShouldBe(0, _host.Error);

        var page = await File.ReadAllTextAsync(path);

        page.ShouldContain("<span class=\"figures\">1 of 2 rows (50%)</span>");
        page.ShouldNotContain("error_if != 0");
        page.ShouldContain("warn_if != 0");
    }

    [Fact]
    public async Task Html_SecondRun_ShowsHistoryForScreenReadersToo()
    {
        await ReportAsync("html");

        (await ReportAsync("html")).ShouldContain("aria-label=\"last 2 runs: 2 fail\"");
    }

    [Fact]
    public async Task Json_HoldsWhatPeopleNeedToAct()
    {
        using var report = JsonDocument.Parse(await ReportAsync("json"));

        var root = report.RootElement;
        root.GetProperty("success").GetBoolean().ShouldBeFalse();
        var test = root.GetProperty("nodes")
            .EnumerateArray()
            .SelectMany(node => node.GetProperty("tests").EnumerateArray())
            .Single(one => one.GetProperty("status").GetString() == "fail");
        test.GetProperty("rows_checked").GetInt64().ShouldBe(2);
        test.GetProperty("percent").GetDouble().ShouldBe(50);
        test.GetProperty("line").GetInt32().ShouldBe(11);
        test.GetProperty("query").GetString().ShouldNotBeNull().ShouldContain("from \"silver\".\"notes\"");
        var samples = test.GetProperty("samples");
        samples.GetProperty("columns")[0].GetString().ShouldBe("id");
        samples.GetProperty("masked")[0].GetString().ShouldBe("email");
        samples.GetProperty("rows")[0].EnumerateArray().Select(v => v.GetString()).ShouldContain("***");
    }

    [Fact]
    public async Task GitHub_AnnotatesTheLineFromTheRepositorysRoot()
    {
        _host.Environment["GITHUB_ACTIONS"] = "true";
        _host.Environment["GITHUB_WORKSPACE"] = Path.GetDirectoryName(_folder.Path) ?? "";

        (await _host.RunAsync("build")).ShouldBe(1);

        var annotation = _host
            .Error.Split('\n')
            .Single(line => line.StartsWith("::error", StringComparison.Ordinal));
        annotation.ShouldStartWith(
            $"::error file={Path.GetFileName(_folder.Path)}/models/silver/silver.yml,line=11,col=13,title=strata ST6020::test"
        );
        annotation.ShouldContain("1 of 2 rows (50%25)%0A");

        (await _host.RunAsync("build", "--report", "none")).ShouldBe(1);
        _host.Error.ShouldNotContain("::error");
    }

    [Fact]
    public async Task Report_ThatCannotBeWritten_IsTheToolsFault()
    {
        _folder.Write("taken", "a file");

        (await _host.RunAsync("build", "--report", "html=taken/x.html")).ShouldBe(2);

        _host.Error.ShouldContain("error ST8009: cannot write");
    }

    [Theory]
    [InlineData("xml=a.xml")]
    [InlineData("junit")]
    [InlineData("html=")]
    public void Parse_Nonsense_SaysWhatThereIs(string value)
    {
        ReportRequest.Parse([value], isOnGitHub: false, out var problem).ShouldBeNull();

        problem.ShouldContain("junit=<file>");
    }

    private async Task<string> ReportAsync(string format)
    {
        var path = Path.Combine(_folder.Path, "out", $"report.{format}");
        (await _host.RunAsync("build", "--report", $"{format}={path}")).ShouldBe(1, _host.Error);
        return await File.ReadAllTextAsync(path);
    }
}
