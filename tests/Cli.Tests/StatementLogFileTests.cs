using System.Diagnostics;
using System.Text.Json;

namespace Strata.Cli.Tests;

/// <summary><c>--log-statements</c>, as a command writes it.</summary>
public sealed class StatementLogFileTests : IDisposable
{
    private const string Secret = "hunter'22";

    private readonly TemporaryFolder _folder = new();
    private readonly CliTestHost _host;

    public StatementLogFileTests()
    {
        _folder.Write(
            "strata.yml",
            "name: shop\nlayers:\n  silver: { engine: duckdb, schema: silver, materialized: table }\n"
        );
        // nothing of the project is on the connection whose password it is
        _folder.Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb, block_size: 16KB }
                other: { type: postgres, host: h, user: u, database: d, password: '{{ env_var "SHOP_SECRET" }}' }
            """
        );
        _folder.Write("models/silver/orders.sql", "select 1 as id, 'hunter''22' as password");
        _folder.Write("models/silver/daily.sql", "select count(*) as n from {{ ref \"orders\" }}");
        _host = new CliTestHost(_folder.Path) { Environment = { ["SHOP_SECRET"] = Secret } };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_SecretInAModel_IsNotInTheLog()
    {
        (await _host.RunAsync("build", "--log-statements", "logs/build.jsonl")).ShouldBe(0, _host.Error);

        var text = File.ReadAllText(Path.Combine(_folder.Path, "logs/build.jsonl"));
        text.ShouldNotContain("hunter");
        Lines("logs/build.jsonl").ShouldContain(line => Of(line, "sql")!.Contains("'***' as password"));
        // the table has it: it is the log that must not
        (await _host.RunAsync("show", "orders", "-o", "csv")).ShouldBe(0);
        _host.Out.ShouldContain(Secret);
    }

    [Fact]
    public async Task Build_EngineNamesTheSecret_IsNotInTheLog()
    {
        _folder.Write("models/silver/orders.sql", "select cast('hunter''22' as int) as id");
        (await _host.RunAsync("build", "--log-statements", "build.jsonl")).ShouldBe(1);

        Lines("build.jsonl").Select(line => Of(line, "error")).ShouldContain(error => error != null);
        File.ReadAllText(Path.Combine(_folder.Path, "build.jsonl")).ShouldNotContain("hunter");
    }

    [Fact]
    public async Task Commands_OfOneFile_AppendToIt_UnderTheirRun()
    {
        _host.Environment["STRATA_LOG_STATEMENTS"] = "all.jsonl";
        (await _host.RunAsync("build")).ShouldBe(0, _host.Error);
        (await _host.RunAsync("check")).ShouldBe(0, _host.Error);
        (await _host.RunAsync("rollback", "--to", "previous")).ShouldBe(2);
        (await _host.RunAsync("build", "--full-refresh")).ShouldBe(0, _host.Error);
        // it has no such option
        var before = Lines("all.jsonl").Length;
        (await _host.RunAsync("show", "daily")).ShouldBe(0);

        var lines = Lines("all.jsonl");
        lines.Length.ShouldBe(before);
        lines
            .Where(line => Of(line, "kind") == "commit" && Of(line, "phase") == "publish")
            .Select(line => Of(line, "node"))
            .Order()
            .ShouldBe(["model.shop.daily", "model.shop.daily", "model.shop.orders", "model.shop.orders"]);
        lines
            .Where(line => Of(line, "connection") == "embedded")
            .ShouldAllBe(line => Of(line, "run_id") == null);
        lines.Select(line => Of(line, "run_id")).OfType<string>().Distinct().Count().ShouldBe(3);
        (await _host.RunAsync("runs", "--json")).ShouldBe(0);
        _host.Out.ShouldContain(Of(lines[^1], "run_id")!);
    }

    [Fact]
    public async Task Log_IsReadByDuckDb()
    {
        (await _host.RunAsync("build", "--log-statements", "build.jsonl")).ShouldBe(0, _host.Error);
        var path = Path.Combine(_folder.Path, "build.jsonl");

        (
            await _host.RunAsync(
                "show",
                "-o",
                "csv",
                "--inline",
                "select node, phase, kind, engine, typeof(any_value(started_at)) as at_type, min(ms) >= 0 as has_time "
                    + $"from read_json('{path}') where kind = 'commit' and node is not null group by all order by all"
            )
        ).ShouldBe(0, _host.Error);

        _host.Out.ShouldBe(
            """
            node,phase,kind,engine,at_type,has_time
            model.shop.daily,publish,commit,duckdb,TIMESTAMP,true
            model.shop.orders,publish,commit,duckdb,TIMESTAMP,true

            """
        );
    }

    [Fact]
    public async Task Build_DiskIsFull_WarnsOnce_AndGoesOn()
    {
        if (!File.Exists("/dev/full"))
            return;
        (await _host.RunAsync("build", "--log-statements", "/dev/full")).ShouldBe(0);

        _host.Error.Split("warning ST8009").Length.ShouldBe(2);
        _host.Out.ShouldContain("2 built");
    }

    [Fact]
    public async Task Build_IntoAPipe_IsRefusedBeforeItBegins()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var made = Process.Start("mkfifo", [Path.Combine(_folder.Path, "pipe")]))
            await made.WaitForExitAsync();

        (await _host.RunAsync("build", "--log-statements", "pipe")).ShouldBe(2);

        _host.Error.ShouldContain("error ST8009: cannot write pipe");
        _host.Error.ShouldContain("It is a pipe or a terminal, not a file.");
        File.Exists(Path.Combine(_folder.Path, "shop.duckdb")).ShouldBeFalse();
    }

    [Fact]
    public async Task Build_IntoNothing_IsAllowed()
    {
        if (OperatingSystem.IsWindows())
            return;
        (await _host.RunAsync("build", "--log-statements", "/dev/null")).ShouldBe(0, _host.Error);
        _host.Error.ShouldBeEmpty();
    }

    private JsonElement[] Lines(string file) =>
        [
            .. File.ReadAllLines(Path.Combine(_folder.Path, file))
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
        ];

    private static string? Of(JsonElement line, string name) => line.GetProperty(name).GetString();
}
