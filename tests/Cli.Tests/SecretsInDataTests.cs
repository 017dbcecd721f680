using System.Text.Json;

namespace Strata.Cli.Tests;

/// <summary>A password that also stands in the project's data: rows and SQL go out as they are, words that somebody reads do not.</summary>
public sealed class SecretsInDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SecretsInDataTests()
    {
        _folder.Write(
            "strata.yml",
            """
            name: shop
            layers:
              silver: { engine: duckdb, schema: silver, materialized: table }
            seeds: { engine: duckdb, schema: raw }
            """
        );
        // nothing of the project is on the connection whose password it is
        _folder.Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb }
                other: { type: postgres, host: h, user: u, database: d, password: '{{ env_var "SHOP_SECRET" }}' }
            """
        );
        _folder.Write("seeds/raw.csv", "id,note,amount\n1234,a test row,5\n2,my test row,-5\n");
        _folder.Write(
            "models/silver/orders.sql",
            "select id, note, amount, 'a test' as kind from {{ ref \"raw\" }}"
        );
        _folder.Write(
            "models/silver/silver.yml",
            """
            models:
              - name: orders
                tests:
                  - expect: { expression: "amount >= 0", name: amount_is_positive, severity: quarantine }
            """
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task QuarantineShow_ThenReplay_LeavesTheValuesAsTheyWere()
    {
        (await RunAsync("test", "build")).ExitCode.ShouldBe(0);
        var shown = await RunAsync("test", "quarantine", "show", "orders", "-o", "csv");
        shown.Out.ShouldContain(",2,my test row,-5,a test,");
        _folder.Write("c.csv", shown.Out.Replace(",-5,", ",7,", StringComparison.Ordinal));

        (await RunAsync("test", "quarantine", "replay", "orders", "--from", "c.csv")).ExitCode.ShouldBe(0);

        (await RunAsync("test", "show", "orders", "-o", "csv")).Out.ShouldBe(
            "id,note,amount,kind\n1234,a test row,5,a test\n2,my test row,7,a test\n"
        );
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task Show_RowsAreExact(string format)
    {
        await RunAsync("1234", "build");

        var shown = (await RunAsync("1234", "show", "orders", "-o", format)).Out;

        shown.ShouldContain("1234");
        shown.ShouldNotContain("***");
        if (format == "json")
            JsonDocument.Parse(shown).RootElement[0].GetProperty("id").GetInt64().ShouldBe(1234);
    }

    [Fact]
    public async Task Artifacts_SecretIsAWordOfJson_StayJson()
    {
        var built = await RunAsync("null", "build", "--json", "--report", "json=report.json");

        built.ExitCode.ShouldBe(0, built.Error);
        foreach (var line in built.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            JsonDocument.Parse(line).Dispose();
        foreach (var artifact in new[] { "target/manifest.json", "target/run_results.json", "report.json" })
            JsonDocument.Parse(Read(artifact)).Dispose();
    }

    [Fact]
    public async Task SqlArtifacts_AreTheQueriesThatRun()
    {
        _folder.Write(
            "models/silver/silver.yml",
            """
            models:
              - name: orders
                tests:
                  - expect: { expression: "kind <> 'a test'", name: kind_is_another }
            """
        );

        (await RunAsync("test", "build")).ExitCode.ShouldBe(1);

        Read("target/compiled/shop/models/silver/orders.sql").ShouldContain("'a test' as kind");
        Read("target/failing/kind_is_another.sql").ShouldContain("kind <> 'a test'");
    }

    [Fact]
    public async Task Messages_SecretIsMaskedInAll()
    {
        _folder.Write("models/silver/broken.sql", "select * from hunter22_table");

        var built = await RunAsync("hunter22", "build", "--report", "json=report.json");

        built.ExitCode.ShouldBe(1);
        built.Error.ShouldContain("***_table");
        Read("target/run_results.json").ShouldContain("***_table");
        Read("report.json").ShouldContain("***_table");
        foreach (
            var text in new[]
            {
                built.Out,
                built.Error,
                Read("target/manifest.json"),
                Read("target/run_results.json"),
                Read("report.json"),
            }
        )
            text.ShouldNotContain("hunter22");
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(_folder.Path, path));

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(string secret, params string[] args)
    {
        var host = new CliTestHost(_folder.Path);
        host.Environment["SHOP_SECRET"] = secret;
        var exitCode = await host.RunAsync(args);
        return (exitCode, host.Out, host.Error);
    }
}
