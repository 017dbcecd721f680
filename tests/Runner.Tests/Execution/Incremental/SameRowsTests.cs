using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>Rows that are compared as a whole: which are the same, though their text may not be.</summary>
public abstract class SameRowsTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
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

    [Theory]
    [InlineData("cast('-0.0' as double precision)", "cast(0 as double precision)", 0)]
    [InlineData("cast('-0.0' as real)", "cast(0 as real)", 0)]
    [InlineData("cast('nan' as double precision)", "cast('nan' as double precision)", 0)]
    [InlineData("cast(null as double precision)", "cast(null as double precision)", 0)]
    [InlineData("cast(0.1 as double precision)", "cast(0 as double precision)", 1)]
    [InlineData("cast(1.0 as numeric)", "cast(1.00 as numeric)", 0)]
    [InlineData("cast(null as numeric)", "cast(0 as numeric)", 1)]
    public async Task ValuesThatDifferInNothing_AreWrittenOnce(string before, string after, int changes)
    {
        // a small table without a key is written anew on DuckDB
        IncrementalStrategy?[] strategies =
            connection == "pg" ? [IncrementalStrategy.Microbatch, null] : [IncrementalStrategy.Microbatch];
        foreach (var strategy in strategies)
        {
            var project = _bench
                .Project()
                .Source("rows", connection: connection, eventTime: "ts")
                .Model(
                    $"m{strategy}",
                    "select * from {rows}",
                    strategy is null ? Materialization.Table : Materialization.Incremental,
                    c =>
                        strategy is null
                            ? c
                            : c with
                            {
                                IncrementalStrategy = strategy,
                                EventTime = "ts",
                                BatchSize = BatchSize.Day,
                                Lookback = 4,
                                Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                            },
                    connection
                );
            await LoadAsync(before);
            (await _bench.BuildAsync(project)).ShouldSucceed();
            await LoadAsync(after);

            var rows = (await _bench.BuildAsync(project)).ShouldSucceed().Node($"m{strategy}").Rows!;

            (rows.Inserted ?? 0, rows.Deleted ?? 0).ShouldBe((changes, changes), $"{strategy}");
        }
    }

    private async Task LoadAsync(string value)
    {
        await _bench.ExecuteAsync("create schema if not exists raw", connection);
        await _bench.ExecuteAsync("drop table if exists raw.rows", connection);
        await _bench.ExecuteAsync(
            "create table raw.rows as select n, timestamp '2026-11-20 10:00:00' as ts, "
                + $"case when n = 1 then {value} end as v from (values {string.Join(", ", Enumerable.Range(1, 40).Select(n => $"({n})"))}) as t(n)",
            connection
        );
    }
}

public sealed class DuckDbSameRowsTests() : SameRowsTests("duck", null);
