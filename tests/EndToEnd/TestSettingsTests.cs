using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Npgsql;
using Strata.Cli;

namespace Strata.EndToEnd;

/// <summary>Every setting of a test, at every place where a test can be written, does the same; or is refused there.</summary>
public sealed class TestSettingsTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IDisposable
{
    private const string Rows =
        "values (1, 1, 'a'), (2, null, 'a'), (3, null, 'b'), (4, -4, 'b'), (5, 5, 'b')";

    /// <summary>What is written into <c>not_null</c> of a column in which rows 2 (a) and 3 (b) of five are null.</summary>
    private static readonly (string Name, string Yaml, string Ending)[] Settings =
    [
        ("none", "", "fail 2"),
        ("error", "severity: error", "fail 2"),
        ("warn", "severity: warn", "warn 2"),
        ("warn_if", "warn_if: '> 1', error_if: '> 2'", "warn 2"),
        ("warn_if_not", "warn_if: '> 2', error_if: '> 2'", "pass 2"),
        ("warn_if_share", "warn_if: '> 39.9%', severity: warn", "warn 2"),
        ("error_if", "error_if: 'between 1 and 2'", "fail 2"),
        ("error_if_share", "error_if: '> 40%', warn_if: '> 40%'", "pass 2"),
        ("fail_calc", "fail_calc: 'sum(id)', error_if: '> 4'", "fail 5"),
        ("mostly", "mostly: 0.6", "pass 2"),
        ("mostly_not", "mostly: 0.61", "fail 2"),
        ("where", "where: \"g = 'b'\"", "fail 1"),
        ("where_share", "where: \"g = 'b'\", mostly: 0.6", "pass 1"),
        ("row_condition", "row_condition: \"g = 'b'\"", "fail 1"),
        ("limit", "limit: 1", "fail 1"),
        ("tags", "tags: [nightly], severity: warn", "warn 2"),
        ("store", "store_failures: true, severity: warn", "warn 2"),
        ("block", "config: { severity: warn, where: 'id > 2' }", "warn 1"),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _properties = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Settings_OnDuckDb_MeanTheSameAtEveryPlace() => MeanTheSameAsync("duckdb");

    [PostgresFact]
    public Task Settings_OnPostgres_MeanTheSameAtEveryPlace() => MeanTheSameAsync("postgres");

    private async Task MeanTheSameAsync(string engine)
    {
        await WriteProjectAsync(engine);
        Describe("  ", "seeds", "seed_place");
        Describe("  ", "models", "table_place", "view_place", "incremental_place", "ephemeral_place");
        Describe("  ", "snapshots", "snapshot_place");
        _properties.Append(
            $"sources:\n  - name: given\n    engine: {engine}\n    schema: ext\n    tables:\n"
        );
        Describe("      ", null, "source_place");
        WriteProperties();

        (await RunAsync("build", "--exclude", "resource_type:test")).ExitCode.ShouldBe(0);
        await RunAsync("test");

        var endings = Results();
        string[] places = ["seed", "table", "view", "incremental", "ephemeral", "snapshot", "source"];
        var expected =
            from place in places
            from level in new[] { "column", "relation" }
            from setting in Settings
            select ($"{place}_{level}_{setting.Name}", setting.Ending);
        endings
            .OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Key}: {pair.Value}")
            .ShouldBe(expected.OrderBy(pair => pair.Item1).Select(pair => $"{pair.Item1}: {pair.Ending}"));

        await RunAsync("test", "--select", "tag:nightly");
        Results().Count.ShouldBe(places.Length * 2);
        foreach (var place in places)
        {
            (
                await QueryAsync(engine, $"select count(*) as n from strata_failures.{place}_column_store")
            ).ShouldBe("n\n2\n");
        }
    }

    [Fact]
    public Task Quarantine_OnDuckDb_DivertsWhereRowsArePublished() => DivertAsync("duckdb");

    [PostgresFact]
    public Task Quarantine_OnPostgres_DivertsWhereRowsArePublished() => DivertAsync("postgres");

    private async Task DivertAsync(string engine)
    {
        await WriteProjectAsync(engine);
        _properties.Append(
            """
            seeds:
              - { name: seed_place, columns: [{ name: v, tests: [not_null: { severity: quarantine, where: "g = 'b'" }] }] }
            models:
              - { name: table_place, columns: [{ name: v, tests: [not_null: { severity: quarantine }] }] }
              - { name: incremental_place, tests: [not_null: { column: v, severity: quarantine }] }

            """
        );
        WriteProperties();

        await RunAsync("build", "-s", "seed_place", "table_place", "incremental_place");

        foreach (
            var (relation, rows) in new[]
            {
                ("m.seed_place__quarantine", 1),
                ("m.table_place__quarantine", 2),
                ("m.incremental_place__quarantine", 2),
                ("m.table_place", 3),
            }
        )
            (await QueryAsync(engine, $"select count(*) as n from {relation}")).ShouldBe(
                $"n\n{rows}\n",
                relation
            );
    }

    [Theory]
    [InlineData("models", "view_place")]
    [InlineData("models", "ephemeral_place")]
    [InlineData("snapshots", "snapshot_place")]
    [InlineData("sources", "source_place")]
    public async Task Quarantine_WhereNothingIsPublishedByRow_IsRefused(string list, string name)
    {
        await WriteProjectAsync("duckdb");
        if (list == "sources")
            _properties.Append("sources:\n  - name: given\n    schema: ext\n    tables:\n    ");
        else
            _properties.Append($"{list}:\n");
        _properties.Append($"  - {{ name: {name}, {TestOf("severity: quarantine")} }}\n");
        WriteProperties();

        var (exitCode, error) = await RunAsync("compile");

        exitCode.ShouldBe(1);
        error.ShouldContain("error ST6031: ");
        error.ShouldContain("models/m/places.yml:");
    }

    [Theory]
    [InlineData("severity: fatal", "ST1006")]
    [InlineData("warn_if: many", "ST6003")]
    [InlineData("error_if: '10'", "ST6003")]
    [InlineData("mostly: 60", "ST6003")]
    [InlineData("limit: 0", "ST1004")]
    [InlineData("limit: -1", "ST1004")]
    [InlineData("store_failures: often", "ST1004")]
    [InlineData("where: [a]", "ST1004")]
    [InlineData("wehre: a", "ST6001")]
    public async Task Setting_ThatCannotBe_IsRefusedWhereItStands(string yaml, string code)
    {
        await WriteProjectAsync("duckdb");
        _properties.Append($"models:\n  - {{ name: table_place, {TestOf(yaml)} }}\n");
        WriteProperties();

        var (exitCode, error) = await RunAsync("compile");

        exitCode.ShouldBe(1);
        error.ShouldStartWith($"error {code}: ");
        error.ShouldContain("models/m/places.yml:2:");
    }

    [Theory]
    [InlineData("severity: \"quarantine\"", "ST6030")]
    [InlineData("mostly: 0.9", "ST6008")]
    [InlineData("where: \"v > 0\"", "ST6012")]
    [InlineData("error_if: \"> 10%\"", "ST6011")]
    [InlineData("warn_if: \"some\"", "ST6003")]
    public async Task Setting_OfAQuery_ThatItHasNoUseFor_IsRefused(string config, string code)
    {
        await WriteProjectAsync("duckdb");
        _folder.Write(
            "tests/lost.sql",
            $"{{{{ config {config} }}}}\nselect * from {{{{ ref \"table_place\" }}}}\n"
        );

        var (exitCode, error) = await RunAsync("compile");

        exitCode.ShouldBe(1);
        error.ShouldStartWith($"error {code}: ");
        error.ShouldContain("tests/lost.sql:1:");
    }

    [Fact]
    public async Task Settings_OfAQuery_AreFollowed()
    {
        await WriteProjectAsync("duckdb");
        const string query = "select * from {{ ref \"table_place\" }} where v is null\n";
        _folder.Write("tests/plain.sql", query);
        _folder.Write("tests/warns.sql", $"{{{{ config severity: \"warn\" }}}}\n{query}");
        _folder.Write("tests/enough.sql", $"{{{{ config warn_if: \"> 2\" error_if: \"> 2\" }}}}\n{query}");
        _folder.Write(
            "tests/sums.sql",
            $"{{{{ config fail_calc: \"sum(id)\" error_if: \"> 4\" }}}}\n{query}"
        );
        _folder.Write("tests/limited.sql", $"{{{{ config limit: 1 }}}}\n{query}");
        _folder.Write(
            "tests/stored.sql",
            $"{{{{ config store_failures: true tags: [\"nightly\"] }}}}\n{query}"
        );
        _folder.Write("tests/off.sql", $"{{{{ config enabled: false }}}}\n{query}");

        (await RunAsync("build", "--exclude", "resource_type:test")).ExitCode.ShouldBe(0);
        await RunAsync("test");

        Results()
            .OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Key}: {pair.Value}")
            .ShouldBe([
                "enough: pass 2",
                "limited: fail 1",
                "plain: fail 2",
                "stored: fail 2",
                "sums: fail 5",
                "warns: warn 2",
            ]);
        (await QueryAsync("duckdb", "select count(*) as n from strata_failures.stored")).ShouldBe("n\n2\n");
        await RunAsync("test", "--select", "tag:nightly");
        Results().Keys.ShouldBe(["stored"]);
    }

    private static string TestOf(string setting) =>
        $"columns: [{{ name: v, tests: [not_null: {{ {setting} }}] }}]";

    private async Task WriteProjectAsync(string engine)
    {
        _folder.Write(
            "strata.yml",
            $"name: shop\nlayers:\n  m: {{ engine: {engine}, schema: m, materialized: table }}\nseeds: {{ engine: {engine}, schema: m }}\n"
        );
        _folder.Write("profiles.yml", $"default: local\ntargets:\n  local:\n    {Connection(engine)}\n");
        _folder.Write("seeds/seed_place.csv", "id,v,g\n1,1,a\n2,,a\n3,,b\n4,-4,b\n5,5,b\n");
        var query = $"select * from ({Rows}) as t(id, v, g)\n";
        _folder.Write("models/m/table_place.sql", query);
        _folder.Write("models/m/view_place.sql", $"{{{{ config materialized: \"view\" }}}}\n{query}");
        _folder.Write(
            "models/m/ephemeral_place.sql",
            $"{{{{ config materialized: \"ephemeral\" }}}}\n{query}"
        );
        _folder.Write(
            "models/m/incremental_place.sql",
            $"{{{{ config materialized: \"incremental\" }}}}\n{query}"
        );
        _folder.Write(
            "snapshots/snapshot_place.sql",
            $"{{{{ config schema: \"m\" engine: \"{engine}\" unique_key: \"id\" strategy: \"check\" check_cols: \"all\" }}}}\n{query}"
        );
        string[] source =
        [
            .. engine == "postgres"
                ? ["drop schema if exists m, ext, strata_failures, _strata, _strata_feed cascade"]
                : Array.Empty<string>(),
            "create schema if not exists ext",
            "drop table if exists ext.source_place",
            $"create table ext.source_place as {query}",
        ];
        foreach (var sql in source)
            await ExecuteAsync(engine, sql);
    }

    private static string Connection(string engine) =>
        engine == "duckdb"
            ? "duckdb: { type: duckdb, path: shop.duckdb, block_size: 16KB }"
            : "postgres: { type: postgres, host: '{{ env_var \"STRATA_PG_HOST\" }}', port: '{{ env_var \"STRATA_PG_PORT\" }}', "
                + "user: '{{ env_var \"STRATA_PG_USER\" }}', password: '{{ env_var \"STRATA_PG_PASSWORD\" }}', "
                + "database: '{{ env_var \"STRATA_PG_DATABASE\" }}' }";

    /// <summary>All settings under each relation, once for the relation and once for its column.</summary>
    private void Describe(string indent, string? list, params string[] relations)
    {
        if (list is not null)
            _properties.Append($"{list}:\n");
        foreach (var relation in relations)
        {
            var place = relation[..^"_place".Length];
            _properties.Append($"{indent}- name: {relation}\n{indent}  tests:\n");
            foreach (var (name, yaml, _) in Settings)
                _properties.Append(
                    $"{indent}    - not_null: {{ name: {place}_relation_{name}, column: v{Behind(yaml)} }}\n"
                );
            _properties.Append($"{indent}  columns:\n{indent}    - name: v\n{indent}      tests:\n");
            foreach (var (name, yaml, _) in Settings)
                _properties.Append(
                    $"{indent}        - not_null: {{ name: {place}_column_{name}{Behind(yaml)} }}\n"
                );
        }
    }

    private static string Behind(string yaml) => yaml.Length == 0 ? "" : $", {yaml}";

    private void WriteProperties() => _folder.Write("models/m/places.yml", _properties.ToString());

    private async Task<(int ExitCode, string Error)> RunAsync(params string[] args)
    {
        using var error = new StringWriter();
        var exitCode = await Program.RunAsync(
            args,
            new CliHost
            {
                Out = TextWriter.Null,
                Error = error,
                Environment = new Dictionary<string, string>(
                    PostgresServer.SkipReason is null
                        ? database.Environment
                        : new Dictionary<string, string>()
                ),
                WorkingDirectory = _folder.Path,
                Terminal = new TerminalFacts(IsLive: false, Width: 80, OutColour: false, ErrorColour: false),
            }
        );
        return (exitCode, error.ToString());
    }

    /// <summary>How each test of the last run ended and what it counted, by name.</summary>
    private Dictionary<string, string> Results()
    {
        using var json = JsonDocument.Parse(_folder.Read("target/run_results.json"));
        return json
            .RootElement.GetProperty("results")
            .EnumerateArray()
            .Select(result =>
                (
                    Id: result.GetProperty("unique_id").GetString() ?? "",
                    Ending: $"{result.GetProperty("status")} {result.GetProperty("failures")}"
                )
            )
            .Where(result => result.Id.StartsWith("test.", StringComparison.Ordinal))
            .ToDictionary(result => result.Id.Split('.')[2], result => result.Ending);
    }

    private Task<string> QueryAsync(string engine, string query) =>
        engine == "duckdb"
            ? TableDump.DuckDbAsync(_folder.Combine("shop.duckdb"), query)
            : TableDump.PostgresAsync(database, query);

    private async Task ExecuteAsync(string engine, string sql)
    {
        await using System.Data.Common.DbConnection connection =
            engine == "duckdb"
                ? new DuckDBConnection($"Data Source={_folder.Combine("shop.duckdb")}")
                : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
