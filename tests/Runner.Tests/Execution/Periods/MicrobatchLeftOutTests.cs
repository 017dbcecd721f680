using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>Rows that no batch of a microbatch model will ever hold, because their time means that there is none.</summary>
public abstract class MicrobatchLeftOutTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (connection == "pg")
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed cascade",
                "pg"
            );
        await _bench.DisposeAsync();
    }

    private static ModelConfig Daily(ModelConfig config) =>
        config with
        {
            IncrementalStrategy = IncrementalStrategy.Microbatch,
            EventTime = "ts",
            BatchSize = BatchSize.Day,
            Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
        };

    private Support.ManifestBuilder OverATable() =>
        _bench
            .Project()
            .Source("events", connection: connection, eventTime: "ts")
            .Model("daily", "select id, ts from {events}", Materialization.Incremental, Daily, connection);

    private Support.ManifestBuilder OverAFeed() =>
        _bench
            .Project()
            .Source("events", connection: connection)
            .Model(
                "inputs",
                "select id, ts from {events}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        IncrementalStrategy = IncrementalStrategy.Merge,
                        UniqueKey = ["id"],
                        EventTime = "ts",
                    },
                connection
            )
            .Model("daily", "select id, ts from {inputs}", Materialization.Incremental, Daily, connection);

    private async Task LoadAsync(string values, string type)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.events", connection);
        await _bench.ExecuteAsync($"create table raw.events (id int, ts {type})", connection);
        await _bench.ExecuteAsync($"insert into raw.events values {values}", connection);
    }

    private async Task<string[]> BuildAsync(Support.ManifestBuilder project)
    {
        var result = (await _bench.BuildAsync(project)).ShouldSucceed();
        return
        [
            .. result
                .Node("daily")
                .Diagnostics.Where(said => said.Code == "ST7032")
                .Select(said =>
                    said.Message[..said.Message.IndexOf(", the first", StringComparison.Ordinal)]
                ),
        ];
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("timestamptz")]
    [InlineData("date")]
    public async Task RowsAtInfinity_AreToldOf_InEachBuildOverATable(string type)
    {
        await LoadAsync(
            "(1, '2026-11-21'), (2, 'infinity'), (3, '-infinity'), (4, '9999-12-31'), (5, null)",
            type
        );
        string endless = "2 rows of 'events' lie behind all batches of 'daily'";

        (await BuildAsync(OverATable())).ShouldBe([
            "1 row of 'events' lies before 'begin' of 'daily' (2026-11-18)",
            endless,
        ]);
        await _bench.ExecuteAsync("insert into raw.events values (6, '2026-11-21')", connection);

        (await BuildAsync(OverATable())).ShouldBe([endless]);
        (await _bench.QueryAsync("select id from main.daily order by id", connection)).ShouldBe([
            "1",
            "5",
            "6",
        ]);
    }

    [Fact]
    public async Task RowsAtInfinity_AreToldOf_WhenTheyArriveInAFeed()
    {
        await LoadAsync("(1, '2026-11-21')", "timestamp");
        (await BuildAsync(OverAFeed())).ShouldBeEmpty();
        await _bench.ExecuteAsync("insert into raw.events values (2, 'infinity')", connection);
        (await BuildAsync(OverAFeed())).ShouldBe(["1 row of 'inputs' lies behind all batches of 'daily'"]);
        await _bench.ExecuteAsync("insert into raw.events values (3, '-infinity')", connection);
        (await BuildAsync(OverAFeed())).ShouldContain(
            "1 row of 'inputs' lies before 'begin' of 'daily' (2026-11-18)"
        );
        await _bench.ExecuteAsync("insert into raw.events values (4, '2026-11-21')", connection);

        (await BuildAsync(OverAFeed())).ShouldBeEmpty();
    }
}

public sealed class DuckDbMicrobatchLeftOutTests() : MicrobatchLeftOutTests("duck", null)
{
    [Fact]
    public async Task RowsAtInfinity_OfLandedFiles_AreToldOf_WithEachNewFile()
    {
        await using var bench = new Workbench();
        bench.Write("in/a.csv", "id,ts\n1,2026-11-18\n2,infinity\n");
        (await BuildAsync()).ShouldBe(["1 row of 'events' lies behind all batches of 'daily'"]);
        bench.Write("in/b.csv", "id,ts\n3,-infinity\n4,infinity\n5,infinity\n");
        (await BuildAsync()).ShouldBe([
            "1 row of 'events' lies before 'begin' of 'daily' (2026-11-18)",
            "2 rows of 'events' lie behind all batches of 'daily'",
        ]);
        bench.Write("in/c.csv", "id,ts\n6,2026-11-21\n");
        (await BuildAsync()).ShouldBeEmpty();

        async Task<string[]> BuildAsync()
        {
            var result = (await bench.BuildAsync(bench.DailyProject("id, ts from {events}"))).ShouldSucceed();
            return
            [
                .. result
                    .Node("daily")
                    .Diagnostics.Select(said =>
                        said.Message[..said.Message.IndexOf(", the first", StringComparison.Ordinal)]
                    ),
            ];
        }
    }
}

[Trait("Engine", "postgres")]
public sealed class PostgresMicrobatchLeftOutTests(PostgresDatabase database)
    : MicrobatchLeftOutTests("pg", database),
        IClassFixture<PostgresDatabase>;
