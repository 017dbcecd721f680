using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>States that are not of the nodes as they are now: moved, restored from a copy, of another target or project.</summary>
[Trait("Engine", "postgres")]
public sealed class StateHomesTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, _strata, _strata_kept, _strata_feed, strata_replica_main cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Growing(int rows) =>
        _bench
            .Project()
            .Model(
                "up",
                $"select i as id from generate_series(1, {rows}) g(i)",
                Materialization.Incremental,
                config => config with { UniqueKey = ["id"] }
            );

    /// <summary>Rows 1 to n, an append of them that lives on a connection, and a log of its changes on DuckDB.</summary>
    private Support.ManifestBuilder Moving(int rows, string connection) =>
        Growing(rows)
            .Model(
                "middle",
                "select id from {up}",
                Materialization.Incremental,
                config => config with { UniqueKey = ["id"] },
                connection
            )
            .Model(
                "log",
                "select id from {changes middle}",
                Materialization.Incremental,
                config => config with { IncrementalStrategy = IncrementalStrategy.Append }
            )
            // both engines belong to every run
            .Model("anchor", "select count(*) as n from {up}", connection: "pg");

    [PostgresFact]
    public async Task Node_MovesToTheOtherEngineAndBack_NothingIsLostOrTwice()
    {
        var rows = 10;
        foreach (var connection in new[] { "pg", "pg", "duck", "duck", "pg", "pg", "duck" })
        {
            (await _bench.BuildAsync(Moving(rows, connection))).ShouldSucceed();
            await _bench.ReopenAsync();
            (
                await _bench.QueryAsync("select count(*), count(distinct id) from main.middle", connection)
            ).ShouldBe([$"{rows}|{rows}"]);
            (await _bench.QueryAsync("select count(*), count(distinct id) from main.log")).ShouldBe([
                $"{rows}|{rows}",
            ]);
            var again = (await _bench.BuildAsync(Moving(rows, connection))).ShouldSucceed();
            again.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Fresh);
            rows += 10;
        }
    }

    [PostgresFact]
    public async Task DuckDbFile_RestoredFromAnOlderCopy_PostgresHasEveryRow()
    {
        Support.ManifestBuilder Project(int rows) =>
            Growing(rows)
                .Model(
                    "log",
                    "select id from {changes up}",
                    Materialization.Incremental,
                    config => config with { IncrementalStrategy = IncrementalStrategy.Append },
                    "pg"
                );
        (await _bench.BuildAsync(Project(40))).ShouldSucceed();
        (await _bench.BuildAsync(Project(50))).ShouldSucceed();
        await _bench.CloseAsync();
        var (file, copy) = (
            Path.Combine(_bench.Folder, "lake.duckdb"),
            Path.Combine(_bench.Folder, "old.duckdb")
        );
        File.Copy(file, copy);
        await _bench.ReopenAsync();
        (await _bench.BuildAsync(Project(60))).ShouldSucceed();
        await _bench.CloseAsync();
        File.Copy(copy, file, overwrite: true);
        await _bench.ReopenAsync();

        foreach (var rows in new[] { 70, 80 })
        {
            (await _bench.BuildAsync(Project(rows))).ShouldSucceed();
            (await _bench.QueryAsync("select count(*), count(distinct id) from main.log", "pg")).ShouldBe([
                $"{rows}|{rows}",
            ]);
        }
    }

    [PostgresFact]
    public async Task Relation_OfAnotherProject_IsRefused()
    {
        (await _bench.BuildAsync(Crossing())).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update _strata.relations set node = replace(node, '.shop.', '.other.')",
            "pg"
        );

        var result = await _bench.BuildAsync(Crossing());

        result.Diagnostics.Select(d => d.Code).Distinct().ShouldBe(["ST7024"]);
        (await _bench.QueryAsync("select count(*) from main.down", "pg")).ShouldBe(["1"]);
        // nothing of the other one is there any more
        await _bench.ExecuteAsync("drop schema strata_replica_main cascade", "pg");
        await _bench.ExecuteAsync("drop table if exists main.down", "pg");
        (await _bench.BuildAsync(Crossing())).ShouldSucceed();
    }

    [PostgresFact]
    public async Task State_OfAnotherTargetWithOtherRelations_IsRefused()
    {
        (await _bench.BuildAsync(Crossing())).ShouldSucceed();

        // the same relations under another name of the target are the same
        (await _bench.BuildAsync(Crossing(), OnTarget("renamed"))).ShouldSucceed();
        await _bench.ExecuteAsync(
            "update _strata.relations set schema_name = 'prod_main', target = 'prod' where relation_name = 'down'",
            "pg"
        );
        await _bench.ExecuteAsync("create schema prod_main", "pg");
        await _bench.ExecuteAsync("create table prod_main.down as select * from main.down", "pg");
        // it has been others before, which are gone
        foreach (var former in "abcdefgh")
            await _bench.ExecuteAsync(
                $"insert into _strata.relations select node, 'prod_{former}', relation_name, kind, definition, target "
                    + "from _strata.relations where schema_name = 'prod_main'",
                "pg"
            );
        var result = await _bench.BuildAsync(Crossing(), OnTarget("dev"));

        var refused = result.Diagnostics.ShouldHaveSingleItem();
        refused.Code.ShouldBe("ST7025");
        refused.Message.ShouldContain("for target 'prod', where it is prod_main.down");
        // the other target is no more
        await _bench.ExecuteAsync("drop schema prod_main cascade", "pg");
        (await _bench.BuildAsync(Crossing(), OnTarget("dev"))).ShouldSucceed();

        static Func<RunRequest, RunRequest> OnTarget(string name) =>
            request => request with { Manifest = request.Manifest with { TargetName = name } };
    }

    private Support.ManifestBuilder Crossing() =>
        _bench.Project().Model("up", "select 1 as id").Model("down", "select id from {up}", connection: "pg");
}
