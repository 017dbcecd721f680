using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>What a run of many small models costs is how many statements each of them takes: see docs/benchmarks/runs.md.</summary>
public sealed class StatementCountTests
{
    [Fact]
    public async Task Build_ForTheFirstTime_LooksForNothingInTheState()
    {
        await using var bench = new Workbench();
        var statements = await BuildAsync(bench, Project(bench, "x"));

        // stage, its columns and its count; begin, the name, four notes, commit
        Assert.Equal(10, statements.Length);
        Assert.DoesNotContain(statements, one => one.Sql.StartsWith("delete", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, one => one.Sql.StartsWith("update", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, one => one.Sql.StartsWith("create view", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_OfOtherDefinition_ReplacesWhatTheStateHolds()
    {
        await using var bench = new Workbench();
        await BuildAsync(bench, Project(bench, "x"));
        var statements = await BuildAsync(bench, Project(bench, "y"));

        Assert.Equal(11, statements.Length);
        Assert.Equal(
            ["model.shop.orders|2"],
            await bench.QueryAsync("select node, batch_id from _strata.nodes")
        );
        Assert.Equal(["orders"], await bench.QueryAsync("select relation_name from _strata.relations"));
        Assert.Equal(
            ["absent|null|null|null", "whole|1|1|orders"],
            await bench.QueryAsync(
                "select kind, before_batch_id, before_row_count, before_relation from _strata.kept order by batch_id"
            )
        );
    }

    [Fact]
    public async Task Build_WithATest_ReadsTheStageByTheNameOfThePostImage()
    {
        await using var bench = new Workbench();
        var project = Project(bench, "x")
            .Test("not_null_orders_id", "select * from {orders} where id is null");
        var statements = await BuildAsync(bench, project);

        Assert.Contains(statements, one => one.Sql.StartsWith("create view", StringComparison.Ordinal));
    }

    private static ManifestBuilder Project(Workbench bench, string name) =>
        bench.Project().Model("orders", $"select 1 as id, '{name}' as name", Materialization.Table);

    /// <returns>The statements from the stage to the commit that publishes it.</returns>
    private static async Task<RecordedStatement[]> BuildAsync(Workbench bench, ManifestBuilder project)
    {
        var recorder = new Recorder();
        var result = await bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Adapters = new Dictionary<string, IAdapter>
                    {
                        ["duck"] = recorder.Around(bench.Adapters["duck"]),
                    },
                }
        );
        Assert.Empty(result.Diagnostics);
        var first = recorder
            .Statements.Select(one => one.Sql)
            .ToList()
            .FindIndex(sql => sql.Contains(" as\nselect 1 as id", StringComparison.Ordinal));
        return
        [
            .. recorder.Statements.Skip(first).TakeWhile(one => one.Sql != "commit"),
            .. recorder.Statements.Skip(first).Where(one => one.Sql == "commit").Take(1),
        ];
    }
}
