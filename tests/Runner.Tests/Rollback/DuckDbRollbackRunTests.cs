using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

public sealed class DuckDbRollbackRunTests() : RollbackRunTests("duck", null)
{
    [Fact]
    public async Task WhatAnotherProjectKeepsInTheSameDatabase_IsLeftAlone()
    {
        await using var bench = new Workbench();
        var project = bench.Project().Model("m", "select 1 as id");
        var first = (await bench.BuildAsync(project)).ShouldSucceed().Plan.RunId;
        await bench.ExecuteAsync(
            "insert into _strata.kept select replace(node, 'shop', 'other') as node, * exclude (node) from _strata.kept"
        );
        await bench.ExecuteAsync(
            "insert into _strata.ledger select replace(node, 'shop', 'other') as node, * exclude (node) from _strata.ledger"
        );
        foreach (var value in new[] { 2, 3, 4, 5, 6 })
        {
            (await bench.BuildAsync(bench.Project().Model("m", $"select {value} as id"))).ShouldSucceed();
        }

        (await bench.RollbackAsync(project, first))
            .Diagnostics.Single()
            .Details.Single()
            .ShouldContain("'m'");
        (await bench.QueryAsync("select count(*) from _strata.kept where node = 'model.other.m'")).ShouldBe([
            "1",
        ]);
    }

    [Fact]
    public async Task FilesThatWereTakenInSince_AreNewAgain()
    {
        await using var bench = new Workbench();
        var project = bench
            .Project()
            .Source(
                "events",
                new FilesConfig(
                    "landing/*.jsonl*",
                    FileFormat.JsonLines,
                    HivePartitions: false,
                    [new ColumnInfo("id", "integer", "", [], Volatile: false)]
                )
            )
            .Model("bronze", "select id, _source_file, _batch_id from {events}", Materialization.Incremental);
        bench.Write("landing/1.jsonl", "{\"id\": 1}\n");
        var first = (await bench.BuildAsync(project)).ShouldSucceed().Plan.RunId;
        bench.Write("landing/2.jsonl", "{\"id\": 2}\n{\"id\": 2}\n");
        bench.Write("landing/3.jsonl.gz", "not compressed at all");
        (await bench.BuildAsync(project)).ShouldSucceed();
        var expected = await bench.QueryAsync("from main.bronze order by all");
        (await bench.BuildAsync(project, r => r with { FullRefresh = true })).ShouldSucceed();

        (await bench.RollbackAsync(project, first)).ShouldBeBack();
        (await bench.QueryAsync("from main.bronze")).ShouldBe(["1|landing/1.jsonl|1"]);
        (await bench.QueryAsync("from _strata.rejected")).ShouldBeEmpty();
        var plan = await bench.PlanAsync(project);
        (await bench.BuildAsync(project)).ShouldSucceed();

        plan.Nodes.Single().Reason.ShouldContain("new file");
        (await bench.QueryAsync("from main.bronze order by all")).ShouldBe(expected);
        (await bench.QueryAsync("select path from _strata.rejected")).ShouldBe(["landing/3.jsonl.gz"]);
    }
}
