using System.Text.Json;

namespace Strata.Cli.Tests;

/// <summary>What a run leaves behind is all of that run.</summary>
public sealed class RunArtifactsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CliTestHost _host;

    public RunArtifactsTests()
    {
        _host = new CliTestHost(_folder.Path);
        _folder.Write(
            "strata.yml",
            """
            name: shop
            layers:
              silver: { engine: duckdb, schema: silver, materialized: table }
            on-run-start: ["{{ var 'first' }}"]
            vars: { first: select 1 }
            """
        );
        _folder.Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb }
            """
        );
        _folder.Write("models/silver/orders.sql", "select 1 as id");
        _folder.Write("models/silver/totals.sql", "select count(*) as n from {{ ref \"orders\" }}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Manifest_AndResults_AreOfOneInvocation()
    {
        (await _host.RunAsync("build")).ShouldBe(0, _host.Error);

        InvocationOf("target/manifest.json").ShouldBe(InvocationOf("target/run_results.json"));
    }

    [Fact]
    public async Task FirstStatementFails_ResultsAndReportAreOfThisRun_AndSayThatNothingWasTried()
    {
        (await _host.RunAsync("build")).ShouldBe(0, _host.Error);
        var before = InvocationOf("target/run_results.json");

        (
            await _host.RunAsync(
                "build",
                "--full-refresh",
                "--vars",
                "{first: select 1 from nowhere}",
                "--report",
                "json=report.json"
            )
        ).ShouldBe(1);

        _host.Error.ShouldContain("duckdb rejected on-run-start");
        var run = InvocationOf("target/run_results.json");
        run.ShouldNotBe(before);
        using var results = Read("target/run_results.json");
        results
            .RootElement.GetProperty("results")
            .EnumerateArray()
            .Select(result => result.GetProperty("status").GetString())
            .ShouldBe(["skipped", "skipped"]);
        using var report = Read("report.json");
        report.RootElement.GetProperty("run_id").GetString().ShouldBe(run);

        (await _host.RunAsync("runs", "--json")).ShouldBe(0, _host.Error);
        using var noted = JsonDocument.Parse(_host.Out.Split('\n')[0]);
        noted.RootElement.GetProperty("run_id").GetString().ShouldBe(run);
        noted.RootElement.GetProperty("outcome").GetString().ShouldBe("failed");
    }

    private string? InvocationOf(string path)
    {
        using var json = Read(path);
        return json.RootElement.GetProperty("metadata").GetProperty("invocation_id").GetString();
    }

    private JsonDocument Read(string path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, path)));
}
