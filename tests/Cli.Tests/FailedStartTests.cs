using System.Text.Json;
using System.Xml.Linq;

namespace Strata.Cli.Tests;

/// <summary>Whoever looks at events and files only sees a run that could not start.</summary>
public sealed class FailedStartTests : IDisposable
{
    private const string Good = "select 1 as id";
    private const string Refused = "select nothing from {{ ref \"orders\" }}";

    private static readonly string[] Reports =
    [
        "--report",
        "junit=out/tests.xml",
        "--report",
        "json=out/run.json",
        "--report",
        "html=out/run.html",
        "--report",
        "github",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly CliTestHost _host;

    public FailedStartTests()
    {
        _host = new CliTestHost(_folder.Path);
        _folder.Write(
            "strata.yml",
            "name: shop\nlayers:\n  silver: { engine: duckdb, schema: silver, materialized: table }\n"
        );
        _folder.Write(
            "profiles.yml",
            """
            default: local
            targets:
              local:
                duckdb: { type: duckdb, path: shop.duckdb }
              away:
                duckdb: { type: postgres, host: 127.0.0.1, port: 1, user: me, password: '{{ env_var "PW" "hidden" }}', database: shop }
            """
        );
        _folder.Write("models/silver/orders.sql", Good);
        _folder.Write("models/silver/broken.sql", Refused);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CompileError_EventResultsAndReportsSaySo()
    {
        _folder.Write("models/silver/broken.sql", "select * from {{ ref \"nowhere\" }}");

        (await _host.RunAsync(["build", "--json", .. Reports])).ShouldBe(1);

        using var end = JsonDocument.Parse(_host.Out.TrimEnd());
        var finished = end.RootElement;
        finished.GetProperty("event").GetString().ShouldBe("run_finished");
        finished.GetProperty("success").GetBoolean().ShouldBeFalse();
        finished.GetProperty("started").GetBoolean().ShouldBeFalse();
        finished.GetProperty("exit_code").GetInt32().ShouldBe(1);
        var diagnostic = finished.GetProperty("diagnostics")[0];
        diagnostic.GetProperty("code").GetString().ShouldBe("ST3001");
        diagnostic.GetProperty("path").GetString().ShouldBe("models/silver/broken.sql");
        using var results = Read("target/run_results.json");
        results.RootElement.GetProperty("results").GetArrayLength().ShouldBe(0);
        var own = results.RootElement.GetProperty("strata");
        own.GetProperty("success").GetBoolean().ShouldBeFalse();
        own.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("ST3001");
        var test = XDocument
            .Load(Path.Combine(_folder.Path, "out/tests.xml"))
            .Descendants("testcase")
            .Single();
        test.Attribute("name")?.Value.ShouldBe("strata build");
        test.Element("error")?.Attribute("type")?.Value.ShouldBe("ST3001");
        using var report = Read("out/run.json");
        report.RootElement.GetProperty("success").GetBoolean().ShouldBeFalse();
        File.ReadAllText(Path.Combine(_folder.Path, "out/run.html")).ShouldContain("could not start");
        _host.Error.ShouldContain("::error file=models/silver/broken.sql,line=1");
    }

    [Fact]
    public async Task DatabaseAway_ExitCodeAndTargetStandInTheResults()
    {
        (await _host.RunAsync(["build", "--target", "away", "--json", .. Reports])).ShouldBe(2);

        using var end = JsonDocument.Parse(_host.Out.TrimEnd());
        end.RootElement.GetProperty("exit_code").GetInt32().ShouldBe(2);
        using var results = Read("target/run_results.json");
        results.RootElement.GetProperty("args").GetProperty("target").GetString().ShouldBe("away");
        results
            .RootElement.GetProperty("metadata")
            .GetProperty("invocation_id")
            .GetString()
            .ShouldBe(end.RootElement.GetProperty("run_id").GetString());
        XDocument.Load(Path.Combine(_folder.Path, "out/tests.xml")).Descendants("error").Count().ShouldBe(1);
    }

    [Fact]
    public async Task ResultSelection_AfterFailedStarts_MeansTheRunBefore()
    {
        (await _host.RunAsync("build")).ShouldBe(1);
        _folder.Write("models/silver/other.sql", "select * from {{ ref \"nowhere\" }}");
        (await _host.RunAsync("build")).ShouldBe(1);
        (await _host.RunAsync("build")).ShouldBe(1);
        File.Delete(Path.Combine(_folder.Path, "models/silver/other.sql"));

        (await _host.RunAsync("ls", "--select", "result:error")).ShouldBe(0, _host.Error);
        _host.Out.Trim().ShouldBe("broken");

        _folder.Write("models/silver/broken.sql", "select 2 as id");
        (await _host.RunAsync("build", "--select", "result:error")).ShouldBe(0, _host.Error);
        using var results = Read("target/run_results.json");
        results.RootElement.GetProperty("results").GetArrayLength().ShouldBe(1);
        File.Exists(Path.Combine(_folder.Path, "target/last_run_results.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task ResultSelection_OnlyTheFailedStartIsThere_IsRefused()
    {
        _folder.Write("models/silver/broken.sql", "select * from {{ ref \"nowhere\" }}");
        (await _host.RunAsync("build")).ShouldBe(1);
        _folder.Write("models/silver/broken.sql", Good);

        (await _host.RunAsync("build", "--select", "result:error")).ShouldBe(2);

        _host.Error.ShouldContain("is from a run that could not start");
    }

    [Fact]
    public async Task Explain_ProjectDoesNotCompile_IsNoRun()
    {
        _folder.Write("models/silver/broken.sql", Good);
        (await _host.RunAsync("build")).ShouldBe(0, _host.Error);
        _folder.Write("models/silver/broken.sql", "select * from {{ ref \"nowhere\" }}");

        (await _host.RunAsync("test", "--explain")).ShouldBe(1);

        using var results = Read("target/run_results.json");
        results.RootElement.GetProperty("strata").GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    private JsonDocument Read(string path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, path)));
}
