using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>
/// JSON columns and structs that are called what statements call, or might call, their tables. DuckDB takes <c>x.k</c> for a field of a column <c>x</c>
/// before it takes it for a column of a table <c>x</c> around a subquery.
/// </summary>
public sealed class HidingColumnsTests : IAsyncLifetime
{
    private static readonly string[] s_names =
    [
        "target",
        "batch",
        "fresh",
        "gone",
        "known",
        "coming",
        "other",
        "kept",
        "met",
        "live",
        "dead",
        "horizon",
        "places",
        "pairs",
        "partitions",
        "changed",
        "wanted",
        "numbered",
        "came",
        "there",
        "source",
        "history",
        "judged",
        "b",
        "f",
        "v",
        "r",
        "m",
    ];

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public static TheoryData<string, bool> Ways()
    {
        var ways = new TheoryData<string, bool>();
        foreach (
            var way in (string[])
                [
                    "append",
                    "delete+insert",
                    "merge",
                    "merge, predicates",
                    "merge, columns",
                    "insert_overwrite",
                    "microbatch",
                    "table",
                    "table, keyed",
                    "cdc",
                    "cdc, history",
                    "cdc, deletes",
                    "quarantine",
                    "quarantine, keyed",
                ]
        )
        {
            ways.Add(way, true);
            ways.Add(way, false);
        }
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Columns_CalledLikeTablesOfStatements_ChangeNothing(string way, bool isJson)
    {
        await using var other = new Workbench();
        var plain = await BuildAllAsync(other, way, i => $"plain_{i}", isJson);

        var hiding = await BuildAllAsync(_bench, way, i => s_names[i], isJson);

        hiding.ShouldBe(plain);
    }

    [Theory]
    [InlineData(HardDeletes.Ignore)]
    [InlineData(HardDeletes.Invalidate)]
    [InlineData(HardDeletes.NewRecord)]
    public async Task Snapshot_OfSuchColumns_HasEachVersionOnce(HardDeletes deletes)
    {
        var project = _bench
            .Project()
            .Source("batch", connection: "duck")
            .Model(
                "m",
                "select * from {batch}",
                Materialization.Snapshot,
                c =>
                    c with
                    {
                        UniqueKey = ["id"],
                        Snapshot = new SnapshotConfig
                        {
                            Strategy = SnapshotStrategy.Check,
                            HardDeletes = deletes,
                        },
                    }
            );
        foreach (var rows in (string[])["(1, 1), (2, 1), (3, 1)", "(1, 2), (2, 1)", "(1, 2), (2, 2), (3, 1)"])
        {
            await LoadAsync(_bench, "id int, n int", rows, i => s_names[i], isJson: true);
            (await _bench.RunAsync(project, RunCommand.Snapshot)).ShouldSucceed();
        }

        (await _bench.QueryAsync("select id, n, is_current from main.m order by id, valid_from")).ShouldBe(
            deletes switch
            {
                HardDeletes.Ignore => ["1|1|False", "1|2|True", "2|1|False", "2|2|True", "3|1|True"],
                HardDeletes.Invalidate =>
                [
                    "1|1|False",
                    "1|2|True",
                    "2|1|False",
                    "2|2|True",
                    "3|1|False",
                    "3|1|True",
                ],
                _ => ["1|1|False", "1|2|True", "2|1|False", "2|2|True", "3|1|False", "3|1|False", "3|1|True"],
            }
        );
    }

    [Fact]
    public async Task Relationships_ToATableWithAColumnThatIsCalledAsTheOther_AreChecked()
    {
        var project = _bench
            .Project()
            .Model(
                "customers",
                """select range as id, '{"customer_id": "x"}'::json as orders from range(3)"""
            )
            .Model("orders", "select range as customer_id from range(3)")
            .Expect(
                "orders",
                "relationships",
                "customer_id",
                null,
                ("to", null, "customers"),
                ("field", "id", null)
            );

        (await _bench.BuildAsync(project)).ShouldSucceed();
    }

    [Theory]
    [InlineData("target.n < 10 and batch.n > 0 -- of late")]
    [InlineData("\"target\".n < 10 and BATCH . n > 0")]
    [InlineData("target.n < 10 and exists (select 1 from raw.batch as target where target.id = batch.id)")]
    [InlineData("target.n < 10 and exists (select 1 from raw.batch target where target.id > 0)")]
    [InlineData("exists (select 1 from raw.batch where batch.id > 0) and batch.n > 0")]
    [InlineData("exists (select 1 from raw.plain, raw.batch where batch.id = plain.id) and batch.n > 0")]
    [InlineData("extract(year from target.ts) = 2026 and extract(year from batch.ts) = 2026")]
    [InlineData("batch.n is distinct from 0 /* target.x */ and 'target.x' <> 'batch.x'")]
    [InlineData(
        "exists (with z as (select 1), batch as (select 3 as id) from batch where batch.id = 3) and batch.n > 0"
    )]
    [InlineData("exists (with target as (select 30 as n) select 1 from target where target.n > batch.id)")]
    [InlineData("exists (from raw.target where target.id = 7) and target.n < 10")]
    [InlineData(
        "exists (select 1 from raw.plain a join raw.plain b on a.id = b.id, raw.target where target.id = 7)"
    )]
    [InlineData("batch.id in (select s.batch from (select id as batch from raw.batch) s)")]
    [InlineData("exists (select 1 from batch.loads l where l.id = target.id)")]
    public async Task Predicates_CallTheRowsTargetAndBatch(string predicate)
    {
        var project = Project(
            _bench,
            c =>
                c with
                {
                    IncrementalStrategy = IncrementalStrategy.Merge,
                    UniqueKey = ["id"],
                    IncrementalPredicates = [predicate],
                }
        );
        await _bench.ExecuteAsync("create schema raw");
        await _bench.ExecuteAsync("create table raw.plain as select 1 as id");
        await _bench.ExecuteAsync("create table raw.target as select 7 as id");
        await _bench.ExecuteAsync("create schema batch");
        await _bench.ExecuteAsync("create table batch.loads as select range as id from range(5)");
        foreach (var n in (int[])[1, 2, 3])
        {
            await LoadAsync(
                _bench,
                "id int, n int, ts date",
                $"(1, {n}, date '2026-11-20'), (2, {n}, date '2026-11-20')",
                i => s_names[i],
                isJson: true
            );
            (await _bench.BuildAsync(project, Keeping)).ShouldSucceed();
        }

        (await _bench.QueryAsync("select id, n from main.m order by 1, 2")).ShouldBe(["1|3", "2|3"]);
    }

    private static async Task<List<string>> BuildAllAsync(
        Workbench bench,
        string way,
        Func<int, string> name,
        bool isJson
    )
    {
        var found = new List<string>();
        var project = Project(bench, c => Configure(c, way), way);
        var isCdc = way.StartsWith("cdc", StringComparison.Ordinal);
        string[] batches = isCdc
            ?
            [
                "(1, 1, 'u', 1), (2, 1, 'u', 1), (3, 1, 'u', 1)",
                "(1, 3, 'u', 3), (2, 2, 'd', 1), (4, 1, 'u', 1)",
                "(1, 2, 'u', 2), (2, 3, 'u', 3), (3, 2, 'd', 1)",
                "(2, 0, 'u', 0), (3, 1, 'u', 1), (5, 1, 'u', 1)",
            ]
            :
            [
                "(1, 1, timestamp '2026-11-20', 1), (2, 1, timestamp '2026-11-20', -1), (3, 1, timestamp '2026-11-21', 1)",
                "(1, 2, timestamp '2026-11-20', 1), (2, 1, timestamp '2026-11-20', 1), (4, 1, timestamp '2026-11-21', -1)",
                "(1, 2, timestamp '2026-11-20', -1), (3, 3, timestamp '2026-11-21', 1), (4, 1, timestamp '2026-11-21', -1)",
            ];
        foreach (var rows in batches)
        {
            await LoadAsync(
                bench,
                isCdc ? "id int, seq int, op text, n int" : "id int, n int, ts timestamp, sign int",
                rows,
                name,
                isJson
            );
            (await bench.BuildAsync(project, Keeping)).ShouldSucceed();
            found.AddRange(await RowsAsync(bench, "m", isCdc ? "id, n" : "id, n, ts, sign"));
            found.AddRange(await RowsAsync(bench, "log", isCdc ? "id, n, chg" : "id, n, ts, sign, chg"));
            if (way.StartsWith("quarantine", StringComparison.Ordinal))
                found.AddRange(await RowsAsync(bench, "m__quarantine", "id, n, sign, _quarantine_status"));
        }
        return found;
    }

    private static async Task<string[]> RowsAsync(Workbench bench, string table, string columns) =>
        await bench.QueryAsync($"select '{table}', {columns} from main.{table} order by all");

    private static RunRequest Keeping(RunRequest request) =>
        request with
        {
            Manifest = request.Manifest with { Retention = new RetentionConfig(7, 7) },
        };

    private static ManifestBuilder Project(
        Workbench bench,
        Func<ModelConfig, ModelConfig> config,
        string way = "merge"
    )
    {
        var project = bench
            .Project()
            .Source("batch", connection: "duck", eventTime: "ts")
            .Model(
                "m",
                "select * from {batch}",
                way.StartsWith("cdc", StringComparison.Ordinal) ? Materialization.Cdc
                    : way.StartsWith("table", StringComparison.Ordinal) || way == "quarantine"
                        ? Materialization.Table
                    : Materialization.Incremental,
                config
            )
            .Model(
                "log",
                "select *, _change as chg from {changes m}",
                Materialization.Incremental,
                c => c with { OnSchemaChange = OnSchemaChange.AppendNewColumns }
            );
        return way.StartsWith("quarantine", StringComparison.Ordinal)
            ? project.Expect(
                "m",
                "expect",
                null,
                new TestConfig { Severity = TestSeverity.Quarantine },
                ("expression", "sign > 0", null)
            )
            : project;
    }

    private static ModelConfig Configure(ModelConfig config, string way)
    {
        var keyed = config with { UniqueKey = ["id"] };
        return way switch
        {
            "append" => config with { IncrementalStrategy = IncrementalStrategy.Append },
            "delete+insert" => keyed with { IncrementalStrategy = IncrementalStrategy.DeleteInsert },
            "merge" or "quarantine, keyed" => keyed with { IncrementalStrategy = IncrementalStrategy.Merge },
            "merge, predicates" => keyed with
            {
                IncrementalStrategy = IncrementalStrategy.Merge,
                IncrementalPredicates = ["target.n < 10 and batch.n < 10 -- both"],
            },
            "merge, columns" => keyed with
            {
                IncrementalStrategy = IncrementalStrategy.Merge,
                MergeUpdateColumns = ["n"],
            },
            "insert_overwrite" => config with
            {
                IncrementalStrategy = IncrementalStrategy.InsertOverwrite,
                PartitionBy = ["ts -- by day"],
            },
            "microbatch" => config with
            {
                IncrementalStrategy = IncrementalStrategy.Microbatch,
                EventTime = "ts",
                BatchSize = BatchSize.Day,
                Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                Lookback = 2,
            },
            "table, keyed" => keyed,
            "cdc" => Cdc(new CdcConfig()),
            "cdc, history" => Cdc(new CdcConfig { ScdType = 2 }),
            "cdc, deletes" => Cdc(new CdcConfig { TombstoneRetention = TimeSpan.Zero }),
            _ => config,
        };

        ModelConfig Cdc(CdcConfig cdc) =>
            keyed with
            {
                Cdc = cdc with
                {
                    SequenceBy = ["seq"],
                    ApplyAsDeletes = "op = 'd' -- gone",
                    ExceptColumns = ["op"],
                },
            };
    }

    /// <summary>Rows with a JSON value or a struct in each of the columns that have the names.</summary>
    private static async Task LoadAsync(
        Workbench bench,
        string shape,
        string rows,
        Func<int, string> name,
        bool isJson
    )
    {
        var names = shape.Split(", ").Select(column => column.Split(' ')[0]);
        var value = isJson
            ? """'{"id": 98, "ts": "x", "__strata_hash": "y"}'::json"""
            : "{'id': 98, 'n': 98, 'ts': timestamp '1999-01-01'}";
        var more = string.Concat(s_names.Select((_, i) => $", {value} as {name(i)}"));
        await bench.ExecuteAsync("create schema if not exists raw");
        await bench.ExecuteAsync("drop table if exists raw.batch");
        await bench.ExecuteAsync(
            $"create table raw.batch as select *{more} from (values {rows}) as given({string.Join(", ", names)})"
        );
    }
}
