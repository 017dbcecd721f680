using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

/// <summary>Relations that go from one node to another, and back.</summary>
public abstract partial class RollbackRunTests
{
    /// <summary>A model with a fixed alias, whatever its file is called.</summary>
    private Support.ManifestBuilder Called(string name, string sql, Materialization materialized) =>
        _bench
            .Project()
            .Source("batch", connection: connection)
            .Model(name, sql, materialized, null, connection)
            .Alias(name, "t");

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.View)]
    [InlineData(Materialization.Incremental)]
    public async Task AFileThatIsRenamedAndRenamedBack_GoesBackToEachOfThem(Materialization materialized)
    {
        await LoadAsync(Batches[0]);
        Support.ManifestBuilder A() => Called("a", "select id, v from {batch}", materialized);
        Support.ManifestBuilder B() => Called("b", "select id, x from {batch}", materialized);
        var first = await BuildAsync(A());
        var before = await DumpAsync("t");
        var second = await BuildAsync(B());
        var between = await DumpAsync("t");
        between.ShouldNotBe(before);
        await BuildAsync(A());
        (await DumpAsync("t")).ShouldBe(before);
        if (materialized != Materialization.View)
            await LoadAsync(Batches[1]);
        await BuildAsync(A());

        (await _bench.RollbackAsync(B(), second)).ShouldBeBack();
        (await DumpAsync("t")).ShouldBe(between);
        // the state is b's: what a said of the relation is of the past
        (await _bench.PlanAsync(B())).Nodes.ShouldAllBe(node => !node.Reason.Contains("not built"));
        (await _bench.PlanAsync(A())).Nodes.ShouldNotContain(node => node.Action == PlannedAction.None);

        (await _bench.RollbackAsync(A(), first)).ShouldBeBack();
        (await DumpAsync("t")).ShouldBe(before);
        (await _bench.PlanAsync(A())).Nodes.ShouldAllBe(node => !node.Reason.Contains("not built"));
        await BuildAsync(A());
    }

    /// <summary>Two models under whatever names; the second is not there without one.</summary>
    private Support.ManifestBuilder Pair(
        string a,
        string? b,
        Materialization materialized = Materialization.Table
    )
    {
        var project = _bench
            .Project()
            .Source("batch", connection: connection)
            .Model("a", "select id, v from {batch}", materialized, null, connection)
            .Alias("a", a);
        return b is null
            ? project
            : project.Model("b", "select id, x from {batch}", materialized, null, connection).Alias("b", b);
    }

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.View)]
    public async Task TwoModelsThatExchangeTheirNames_GoBack(Materialization materialized)
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Pair("t1", "t2", materialized));
        var before = await DumpAsync("t1", "t2");
        var second = await BuildAsync(Pair("t2", "t1", materialized));
        var between = await DumpAsync("t1", "t2");
        await BuildAsync(Pair("t1", "t2", materialized));
        (await DumpAsync("t1", "t2")).ShouldBe(before);

        (await _bench.RollbackAsync(Pair("t2", "t1", materialized), second)).ShouldBeBack();
        (await DumpAsync("t1", "t2")).ShouldBe(between);
        (await _bench.RollbackAsync(Pair("t1", "t2", materialized), first)).ShouldBeBack();
        (await DumpAsync("t1", "t2")).ShouldBe(before);
        (await _bench.PlanAsync(Pair("t1", "t2", materialized))).Nodes.ShouldAllBe(node =>
            !node.Reason.Contains("not built")
        );
    }

    [Fact]
    public async Task ARelationThatAnotherNodeHasTakenSince_StaysWhereOnlyOneGoesBack()
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Pair("t1", "t2"));
        await BuildAsync(Pair("t2", "t1"));
        await BuildAsync(Pair("t1", "t2"));
        var after = await DumpAsync("t1", "t2");

        var refused = await _bench.RollbackAsync(Pair("t1", "t2"), first, "model.shop.a");

        refused
            .Diagnostics.ShouldHaveSingleItem()
            .Details.ShouldBe([
                $"'a' on '{connection}': 'b' has been published as main.t2 since; roll both back",
            ]);
        (await DumpAsync("t1", "t2")).ShouldBe(after);
    }

    private static string[] Since(string node, string other, string on, string relation) =>
        [$"'{node}' on '{on}': '{other}' has been published as main.{relation} since; roll both back"];

    [Fact]
    public async Task ARelationThatAnotherNodeHasBeenMeanwhile_IsNotGoneBackToAlone()
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Pair("t1", null));
        await BuildAsync(Pair("t2", null));
        await BuildAsync(Pair("t2", "t1"));
        await BuildAsync(Pair("t2", "t3"));
        var after = await DumpAsync("t1", "t2", "t3");

        var refused = await _bench.RollbackAsync(Pair("t2", "t3"), first, "model.shop.a");

        refused.Diagnostics.ShouldHaveSingleItem().Details.ShouldBe(Since("a", "b", connection, "t1"));
        (await DumpAsync("t1", "t2", "t3")).ShouldBe(after);

        await _bench.ExecuteAsync("delete from _strata.kept where node = 'model.shop.b'", connection);
        refused = await _bench.RollbackAsync(Pair("t2", "t3"), first, "model.shop.a");
        refused
            .Diagnostics.ShouldHaveSingleItem()
            .Details.ShouldBe([
                $"'a' on '{connection}': 'b' may have been published as main.t1 since; roll both back",
            ]);
    }

    [Fact]
    public async Task OneOfTwoModelsThatHaveExchangedTheirNames_DoesNotGoBackAlone()
    {
        await LoadAsync("(1, 'a', 1)");
        await BuildAsync(Pair("t1", "t2", Materialization.Incremental));
        await LoadAsync("(2, 'b', 2)");
        await BuildAsync(Pair("t2", "t1", Materialization.Incremental));
        var after = await DumpAsync("t1", "t2");

        foreach (var (node, other, relation) in new[] { ("a", "b", "t1"), ("b", "a", "t2") })
        {
            var refused = await _bench.RollbackAsync(
                Pair("t2", "t1", Materialization.Incremental),
                "previous",
                $"model.shop.{node}"
            );

            refused
                .Diagnostics.ShouldHaveSingleItem()
                .Details.ShouldBe(Since(node, other, connection, relation));
        }
        (await DumpAsync("t1", "t2")).ShouldBe(after);
    }

    [Fact]
    public async Task ARelationThatANodeHasLeft_IsGivenBackByTheOneThatTookIt_Alone()
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Pair("t1", null));
        var before = await DumpAsync("t1");
        var second = await BuildAsync(Pair("t2", null));
        await BuildAsync(Pair("t2", "t1"));

        (await _bench.RollbackAsync(Pair("t2", "t1"), second, "model.shop.b")).ShouldBeBack();
        (await DumpAsync("t1")).ShouldBe(before);
        (await _bench.RollbackAsync(Pair("t1", null), first, "model.shop.a")).ShouldBeBack();

        (await DumpAsync("t1")).ShouldBe(before);
        (await _bench.PlanAsync(Pair("t1", null))).Nodes.ShouldAllBe(node =>
            !node.Reason.Contains("not built")
        );
    }

    /// <summary>A state that does not say what nodes were before their publishes.</summary>
    private Task ForgetHomesAsync() => _bench.DowngradeStateAsync(connection, 8);

    [Fact]
    public async Task AnExchangeOfAnEarlierVersion_GoesBack_AndEachModelGrowsAsItself()
    {
        await LoadAsync("(1, 'a', 1)");
        await BuildAsync(Pair("t1", "t2", Materialization.Incremental));
        var before = await DumpAsync("t1", "t2");
        await BuildAsync(Pair("t2", "t1", Materialization.Incremental));
        await ForgetHomesAsync();

        (
            await _bench.RollbackAsync(Pair("t2", "t1", Materialization.Incremental), "previous")
        ).ShouldBeBack();

        (await DumpAsync("t1", "t2")).ShouldBe(before);
        await LoadAsync("(2, 'b', 2)");
        await BuildAsync(Pair("t1", "t2", Materialization.Incremental));
        (await _bench.QueryAsync("select id, v from main.t1 order by id", connection)).ShouldBe([
            "1|a",
            "2|b",
        ]);
        (await _bench.QueryAsync("select count(*) from main.t2", connection)).ShouldBe(["2"]);
    }

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task AnExchangeOfAnEarlierVersion_InDoubt_LosesNoRows(Materialization materialized)
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(Pair("t1", "t2", materialized));
        var before = await DumpAsync("t1", "t2");
        await BuildAsync(Pair("t2", "t1", materialized));
        var after = await DumpAsync("t1", "t2");
        await ForgetHomesAsync();
        // what the first run published is behind the retention
        await _bench.ExecuteAsync($"delete from _strata.kept where run_id = '{first}'", connection);

        var result = await _bench.RollbackAsync(Pair("t2", "t1", materialized), first);

        if (materialized == Materialization.Incremental)
        {
            result
                .Diagnostics.ShouldHaveSingleItem()
                .Details.ShouldAllBe(detail => detail.Contains("the state does not say"));
            (await DumpAsync("t1", "t2")).ShouldBe(after);
            return;
        }
        result.ShouldBeBack();
        (await DumpAsync("t1", "t2")).ShouldBe(before);
        // neither is taken for the other one
        (await _bench.PlanAsync(Pair("t2", "t1", materialized))).Nodes.ShouldNotContain(node =>
            node.Action == PlannedAction.None
        );
    }

    [Fact]
    public async Task AHistoryBehindTheRenamingOfItsFile_GoesOnAfterTheRollback()
    {
        Support.ManifestBuilder Log(string name) =>
            Called(name, "select id, v from {batch}", Materialization.Incremental)
                .Model(
                    "log",
                    $"select id from {{changes {name}}}",
                    Materialization.Incremental,
                    null,
                    connection
                );
        await LoadAsync("(1, 'a', 1)");
        await BuildAsync(Log("a"));
        await LoadAsync("(2, 'b', 1)");
        var second = await BuildAsync(Log("a"));
        var before = await DumpAsync("t");
        await BuildAsync(Log("b"));
        await LoadAsync("(3, 'c', 1)");
        await BuildAsync(Log("b"));

        (await _bench.RollbackAsync(Log("a"), second)).ShouldBeBack();

        (await DumpAsync("t")).ShouldBe(before);
        await BuildAsync(Log("a"));
        (await _bench.QueryAsync("select id from main.t order by id", connection)).ShouldBe(["1", "2", "3"]);
        (await _bench.QueryAsync("select id from main.log order by id", connection)).ShouldBe([
            "1",
            "2",
            "3",
        ]);
        await LoadAsync("(4, 'd', 1)");
        await BuildAsync(Log("a"));
        (await _bench.QueryAsync("select id from main.log order by id", connection)).ShouldBe([
            "1",
            "2",
            "3",
            "4",
        ]);
    }
}
