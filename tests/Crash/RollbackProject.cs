using Npgsql;

namespace Strata.Crash;

/// <summary>
/// A small project across DuckDB and Postgres whose every node can go back: landed lines, a merge by key, changes across
/// engines, and a gold layer that publishes together.
/// </summary>
internal sealed class RollbackProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresDatabase _database = new();

    public RollbackProject()
    {
        _folder.Write(
            "strata.yml",
            """
            name: crash
            layers:
              bronze: { engine: duckdb, schema: bronze }
              silver: { engine: duckdb, schema: silver }
              gold: { engine: postgres, schema: gold, publish: run }
            seeds: { engine: duckdb, schema: silver }
            """
        );
        _folder.Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: lake.duckdb, threads: 1, block_size: 16KB }
                postgres:
                  type: postgres
                  host: '{{ env_var "STRATA_PG_HOST" }}'
                  port: '{{ env_var "STRATA_PG_PORT" }}'
                  user: '{{ env_var "STRATA_PG_USER" }}'
                  password: '{{ env_var "STRATA_PG_PASSWORD" }}'
                  database: '{{ env_var "STRATA_PG_DATABASE" }}'
            """
        );
        _folder.Write(
            "models/bronze/bronze.yml",
            """
            sources:
              - name: landing
                tables:
                  - name: events
                    files: { path: "landing/*.jsonl", format: json_lines }
                    columns:
                      - { name: id, data_type: integer }
                      - { name: code, data_type: varchar }
                      - { name: amount, data_type: integer }
            """
        );
        _folder.Write("seeds/codes.csv", "code,label\na,Ann\nb,Bob\n");
        _folder.Write(
            "models/bronze/events.sql",
            """
            {{ config materialized: "incremental" }}
            select id, code, amount, _source_file, _source_row from {{ source "landing" "events" }}
            """
        );
        _folder.Write(
            "models/silver/orders.sql",
            """
            {{ config materialized: "incremental" unique_key: ["id"] sequence_by: "_source_row" }}
            select id, code, amount, _source_row from {{ changes "events" }}
            """
        );
        _folder.Write(
            "models/gold/totals.sql",
            """
            {{ config materialized: "table" unique_key: ["label"] }}
            select c.label, sum(o.amount) as amount, count(*) as orders
            from {{ ref "orders" }} o join {{ ref "codes" }} c on c.code = o.code group by c.label
            """
        );
        _folder.Write(
            "models/gold/history.sql",
            """
            {{ config materialized: "incremental" }}
            select id, amount, _change from {{ changes "orders" }}
            """
        );
        _folder.Write(
            "models/gold/grand_total.sql",
            """
            {{ config materialized: "view" }}
            select sum(amount) as amount from {{ ref "totals" }}
            """
        );
        Land(
            "1",
            "{\"id\":1,\"code\":\"a\",\"amount\":10}",
            "{\"id\":2,\"code\":\"b\",\"amount\":5}",
            "nonsense"
        );
    }

    public void Land(string name, params string[] lines) =>
        _folder.Write($"landing/{name}.jsonl", string.Join('\n', lines) + "\n");

    /// <summary>Runs <c>strata</c>; with a failpoint it may not come to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string[] words, string? failpoint = null)
    {
        var environment = new Dictionary<string, string>(_database.Environment);
        if (failpoint is not null)
            environment["STRATA_FAILPOINT"] = failpoint;
        using var process = new StrataProcess(_folder.Path, environment, words);
        return await process.EndAsync();
    }

    /// <summary>Every row of what readers see in Postgres, and of the replica, in one text.</summary>
    public string Dump()
    {
        using var connection = _database.Open();
        return string.Join(
            "\n",
            new[]
            {
                "gold.totals",
                "gold.history",
                "gold.grand_total",
                "strata_replica_silver.orders",
            }.Select(table =>
            {
                using var command = new NpgsqlCommand(
                    $"select t::text from {table} t order by 1",
                    connection
                );
                using var reader = command.ExecuteReader();
                var lines = new List<string> { table };
                while (reader.Read())
                    lines.Add(reader.GetString(0));
                return string.Join("\n", lines);
            })
        );
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
