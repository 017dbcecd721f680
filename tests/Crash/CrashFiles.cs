namespace Strata.Crash;

/// <summary>
/// The project that is killed: every kind of node, DuckDB to Postgres and back. What is right is what a build that
/// was never killed makes of it.
/// </summary>
internal static class CrashFiles
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["strata.yml"] = """
            name: crash
            layers:
              bronze: { engine: duckdb, schema: bronze }
              silver: { engine: duckdb, schema: silver }
              gold: { engine: postgres, schema: gold, publish: run }
              mart: { engine: duckdb, schema: mart }
            seeds: { engine: duckdb, schema: silver }
            """,
        ["profiles.yml"] = """
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
            """,
        ["models/bronze/bronze.yml"] = """
            sources:
              - name: landing
                tables:
                  - name: events
                    files: { path: "landing/*.jsonl", format: json_lines }
                    columns:
                      - { name: id, data_type: integer }
                      - { name: code, data_type: varchar }
                      - { name: amount, data_type: integer }
                      - { name: at, data_type: timestamp }
            """,
        ["seeds/codes.csv"] = "code,label\na,Ann\nb,Bob\nc,Cy\n",
        ["models/bronze/events.sql"] = """
            {{ config materialized: "incremental" event_time: "at" }}
            select id, code, amount, "at", _source_file, _source_row, _batch_id * 1000 + _source_row as place
            from {{ source "landing" "events" }}
            """,
        ["models/silver/silver.yml"] = """
            models:
              - name: orders
                columns:
                  - name: id
                    tests: [not_null, unique]
              - name: checked
                tests:
                  - expect: { expression: "amount >= 0", severity: quarantine }
            snapshots:
              - name: order_history
                relation: ref('orders')
                config: { strategy: check, unique_key: id, updated_at: at, check_cols: [amount] }
            """,
        ["models/silver/orders.sql"] = """
            {{ config materialized: "incremental" unique_key: ["id"] sequence_by: "place" }}
            select id, code, amount, "at", place from {{ changes "events" }} where id is not null
            """,
        ["models/silver/by_code.sql"] = """
            {{ config materialized: "incremental" unique_key: ["code"] incremental_strategy: "delete+insert" }}
            select code, id, amount from {{ ref "orders" }}
            where code in (select code from {{ changes "orders" }})
            """,
        ["models/silver/by_day.sql"] = """
            {{ config materialized: "incremental" partition_by: ["day"] incremental_strategy: "insert_overwrite" }}
            select cast("at" as date) as day, id, amount from {{ ref "orders" }}
            where cast("at" as date) in (select cast("at" as date) from {{ changes "orders" }})
            """,
        ["models/silver/by_year.sql"] = """
            {{ config materialized: "incremental" incremental_strategy: "microbatch" event_time: "at" batch_size: "year"
               begin: "2025-01-01" lookback: 50 }}
            select id, amount, "at", place from {{ ref "events" }} where id is not null
            """,
        ["models/silver/checked.sql"] = """
            {{ config materialized: "incremental" }}
            select id, amount, place from {{ changes "events" }} where id is not null
            """,
        ["models/silver/state.sql"] = """
            {{ config materialized: "cdc" unique_key: ["id"] sequence_by: ["place"] apply_as_deletes: "amount < 0"
               except_columns: ["place"] }}
            select id, amount, place from {{ changes "events" }} where id is not null
            """,
        ["models/gold/totals.sql"] = """
            {{ config materialized: "table" unique_key: ["label"]
               pre_hook: ["create table if not exists gold.hook_log (orders bigint)"]
               post_hook: ["insert into gold.hook_log select sum(orders) from gold.totals"] }}
            select c.label, sum(o.amount) as amount, count(*) as orders
            from {{ ref "orders" }} o join {{ ref "codes" }} c on c.code = o.code group by c.label
            """,
        ["models/gold/latest.sql"] = """
            {{ config materialized: "incremental" unique_key: ["id"] }}
            select id, amount from {{ changes "orders" }} where _change <> 'delete'
            """,
        ["models/gold/history.sql"] = """
            {{ config materialized: "incremental" }}
            select id, amount, _change from {{ changes "orders" }}
            """,
        ["models/gold/grand_total.sql"] = """
            {{ config materialized: "view" }}
            select sum(amount) as amount from {{ ref "totals" }}
            """,
        ["models/mart/best.sql"] = """
            {{ config materialized: "table" }}
            select label, amount from {{ ref "totals" }} where amount > 5
            """,
    };

    /// <summary>The same with its gold layer in DuckDB.</summary>
    public static readonly IReadOnlyDictionary<string, string> InDuckDb = All.ToDictionary(
        file => file.Key,
        file =>
            file.Key == "strata.yml" ? file.Value.Replace("engine: postgres", "engine: duckdb") : file.Value
    );

    /// <summary>For a project whose profile names a Postgres that it has no use for.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoPostgres = new Dictionary<string, string>
    {
        ["STRATA_PG_HOST"] = "127.0.0.1",
        ["STRATA_PG_PORT"] = "1",
        ["STRATA_PG_USER"] = "nobody",
        ["STRATA_PG_PASSWORD"] = "none",
        ["STRATA_PG_DATABASE"] = "none",
    };

    /// <summary>New rows, changed rows, a late one, one that is no JSON and one for the quarantine.</summary>
    public static string Lines(int batch) =>
        string.Join(
            '\n',
            Line(batch * 10, "a", 10, "2026-01-02"),
            Line(batch * 10 + 1, "b", 5, "2026-01-03"),
            Line(1, "c", batch, "2026-01-01"),
            Line(2, "b", 7, "2026-01-01"),
            Line(2, "b", 8 + batch, "2026-01-04"),
            Line(batch * 10 + 3, "a", -1, "2026-01-02"),
            "nonsense",
            Line(batch * 10 + 2, "c", 1, "2025-12-31")
        ) + "\n";

    /// <summary>More rows than fit in a little room.</summary>
    public static string Many(int rows) =>
        string.Join('\n', Enumerable.Range(1_000_000, rows).Select(id => Line(id, "a", id % 7, "2026-01-05")))
        + "\n";

    private static string Line(int id, string code, int amount, string day) =>
        $$"""{"id":{{id}},"code":"{{code}}","amount":{{amount}},"at":"{{day}}T10:00:00"}""";
}
