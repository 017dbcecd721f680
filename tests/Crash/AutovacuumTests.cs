using System.Diagnostics;
using Npgsql;

namespace Strata.Crash;

/// <summary>Postgres tends a table just when a run needs it for itself.</summary>
[Trait("Engine", "postgres")]
public sealed class AutovacuumTests : IDisposable
{
    private const string Tables = """
        autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
        autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0
        """;

    private readonly OwnCluster _cluster = new("-c autovacuum_naptime=1s");
    private readonly TemporaryFolder _project = new();

    public void Dispose()
    {
        _project.Dispose();
        _cluster.Dispose();
    }

    [PostgresFact]
    public async Task Build_AddsAColumnWhileAutovacuumIsAtWork_MakesItGiveWay()
    {
        Write("strata.yml", "name: tended\nlayers:\n  models: { engine: warehouse, schema: gold }\n");
        Write("profiles.yml", Profile);
        WriteModel("");
        await BuildAsync();
        using var connection = _cluster.Open();
        Execute(connection, $"alter table gold.pages set ({Tables})");
        // at this pace it will be at it for a minute
        Execute(connection, "delete from gold.pages where id % 2 = 0");
        var patience = Stopwatch.StartNew();
        while (AtWork(connection) == 0)
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(100);
        }

        WriteModel(", 'new' as kind");
        await BuildAsync();

        Execute(connection, "select count(*) from gold.pages where kind = 'new'").ShouldBe(20_000);
        Execute(
                connection,
                "select count(*) from pg_class where relname = 'pages' and 'autovacuum_enabled=false' = any(reloptions)"
            )
            .ShouldBe(0);
    }

    private static long AtWork(NpgsqlConnection connection) =>
        Execute(
            connection,
            "select count(*) from pg_stat_progress_vacuum where relid = cast('gold.pages' as regclass)"
        );

    private static long Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar() as long? ?? 0;
    }

    private async Task BuildAsync()
    {
        using var run = new StrataProcess(_project.Path, _cluster.Settings, "run");
        var (exitCode, text) = await run.EndAsync();
        exitCode.ShouldBe(0, text);
    }

    private void WriteModel(string column) =>
        Write(
            "models/pages.sql",
            $$$"""
            {{ config materialized: "incremental" unique_key: ["id"] on_schema_change: "append_new_columns" }}
            select i as id, repeat('x', 200) as page{{{column}}} from generate_series(1, 20000) as t(i)
            """
        );

    private void Write(string file, string text)
    {
        var path = Path.Combine(_project.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private const string Profile = """
        default: test
        targets:
          test:
            warehouse:
              type: postgres
              host: '{{ env_var "STRATA_PG_HOST" }}'
              port: '{{ env_var "STRATA_PG_PORT" }}'
              user: '{{ env_var "STRATA_PG_USER" }}'
              password: '{{ env_var "STRATA_PG_PASSWORD" "" }}'
              database: '{{ env_var "STRATA_PG_DATABASE" }}'

        """;
}
