using Strata.Compiler.Manifest;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

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

    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.View)]
    public async Task TwoModelsThatExchangeTheirNames_GoBack(Materialization materialized)
    {
        await LoadAsync(Batches[0]);
        Support.ManifestBuilder Pair(string a, string b) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model("a", "select id, v from {batch}", materialized, null, connection)
                .Alias("a", a)
                .Model("b", "select id, x from {batch}", materialized, null, connection)
                .Alias("b", b);
        var first = await BuildAsync(Pair("t1", "t2"));
        var before = await DumpAsync("t1", "t2");
        var second = await BuildAsync(Pair("t2", "t1"));
        var between = await DumpAsync("t1", "t2");
        await BuildAsync(Pair("t1", "t2"));
        (await DumpAsync("t1", "t2")).ShouldBe(before);

        (await _bench.RollbackAsync(Pair("t2", "t1"), second)).ShouldBeBack();
        (await DumpAsync("t1", "t2")).ShouldBe(between);
        (await _bench.RollbackAsync(Pair("t1", "t2"), first)).ShouldBeBack();
        (await DumpAsync("t1", "t2")).ShouldBe(before);
        (await _bench.PlanAsync(Pair("t1", "t2"))).Nodes.ShouldAllBe(node =>
            !node.Reason.Contains("not built")
        );
    }

    [Fact]
    public async Task ARelationThatAnotherNodeHasTakenSince_StaysWhereOnlyOneGoesBack()
    {
        await LoadAsync(Batches[0]);
        Support.ManifestBuilder Pair(string a, string b) =>
            _bench
                .Project()
                .Source("batch", connection: connection)
                .Model("a", "select id, v from {batch}", Materialization.Table, null, connection)
                .Alias("a", a)
                .Model("b", "select id, x from {batch}", Materialization.Table, null, connection)
                .Alias("b", b);
        var first = await BuildAsync(Pair("t1", "t2"));
        await BuildAsync(Pair("t2", "t1"));
        await BuildAsync(Pair("t1", "t2"));
        var after = await DumpAsync("t1", "t2");

        var refused = await _bench.RollbackAsync(Pair("t1", "t2"), first, "model.shop.a");

        refused
            .Diagnostics.ShouldHaveSingleItem()
            .Details.ShouldBe([$"'a' on '{connection}': 'b' has been published as main.t2 since"]);
        (await DumpAsync("t1", "t2")).ShouldBe(after);
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
