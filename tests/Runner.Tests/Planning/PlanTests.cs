using Strata.Compiler.Manifest;
using Strata.Runner.Planning;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Planning;

/// <summary>Plans as the user sees them: action and reason, against a real engine's state.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private async Task<string[]> LinesAsync(
        Support.ManifestBuilder project,
        Func<RunRequest, RunRequest>? change = null
    ) =>
        [
            .. (await _bench.PlanAsync(project, change)).Nodes.Select(n =>
                $"{n.Name}: {n.Action} ({n.Reason}){(n.OnlyIfInputsChange ? "?" : "")}"
            ),
        ];

    [Fact]
    public async Task Plan_OfNothingBuilt_BuildsEverything()
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x")
            .Model("b", "select * from {a}", Materialization.View)
            .Model("c", "select * from {b}", Materialization.Incremental);

        (await LinesAsync(project)).ShouldBe([
            "a: Full (first build)",
            "b: View (first build)",
            "c: Full (first build)",
        ]);
    }

    [Fact]
    public async Task Plan_OfAChangedModel_SaysWhatMayFollow()
    {
        Support.ManifestBuilder Project(string a) =>
            _bench
                .Project()
                .Model("a", a)
                .Model("b", "select * from {a}", Materialization.View)
                .Model("c", "select * from {b}", Materialization.Incremental)
                .Model("d", "select 1 as y");
        (await _bench.BuildAsync(Project("select 1 as x"))).ShouldSucceed();

        (await LinesAsync(Project("select 2 as x"))).ShouldBe([
            "a: Full (definition changed)",
            "b: View (if 'a' changes)?",
            "c: Incremental (if 'b' changes)?",
            "d: None (fresh)",
        ]);
    }

    [Fact]
    public async Task Plan_AfterAPartOfTheProjectRan_SeesWhatIsBehind()
    {
        Support.ManifestBuilder Project(string a) =>
            _bench
                .Project()
                .Model("a", a)
                .Model("b", "select * from {a}", Materialization.View)
                .Model("c", "select * from {b}");
        (await _bench.BuildAsync(Project("select 1 as x"))).ShouldSucceed();
        (
            await _bench.BuildAsync(Project("select 2 as x"), r => r with { Selected = ["model.shop.a"] })
        ).ShouldSucceed();

        (await LinesAsync(Project("select 2 as x"))).ShouldBe([
            "a: None (fresh)",
            "b: View ('a' changed)",
            "c: Full ('b' changed)",
        ]);
    }

    [Fact]
    public async Task Plan_OfAVanishedRelation_BuildsItAgain()
    {
        var project = _bench.Project().Model("a", "select 1 as x");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("drop table main.a");

        (await LinesAsync(project)).ShouldBe(["a: Full (first build)"]);
    }

    [Fact]
    public async Task Plan_OfATableThatOthersFill_AlwaysReadsIt()
    {
        await _bench.ExecuteAsync("create schema raw");
        await _bench.ExecuteAsync("create table raw.orders as select 1 as id");
        var project = _bench.Project().Source("orders").Model("a", "select * from {orders}");
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await LinesAsync(project)).ShouldBe(["a: Full ('raw.orders' is filled by others)"]);
    }

    [Fact]
    public async Task Plan_OfANewTest_RunsOnlyTheTest()
    {
        Support.ManifestBuilder Project() => _bench.Project().Model("a", "select 1 as x");
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await LinesAsync(Project().Expect("a", "not_null", "x"))).ShouldBe(["a: Test (1 test is due)"]);

        (await _bench.BuildAsync(Project().Expect("a", "not_null", "x"))).ShouldSucceed();
        (await LinesAsync(Project().Expect("a", "not_null", "x"))).ShouldBe(["a: None (fresh)"]);
    }

    [Fact]
    public async Task Plan_TestOfTwoNodes_AuditsTheOneItIsWrittenUnder_AfterTheOther()
    {
        var project = _bench
            .Project()
            .Model("child", "select 1 as parent_id")
            .Model("parent", "select 1 as id")
            .Expect(
                "child",
                "relationships",
                "parent_id",
                null,
                ("to", null, "parent"),
                ("field", "id", null)
            );

        var plan = await _bench.PlanAsync(project);

        plan.Nodes.Select(n => n.Name).ShouldBe(["parent", "child"]);
        plan.Nodes[1].Tests.ShouldHaveSingleItem();
        plan.Nodes[1].DependsOn.ShouldBe(["model.shop.parent"]);
    }

    [Fact]
    public async Task Plan_TestOfTwoNodes_WhereTheOtherIsBuiltFromTheFirst_AuditsTheOther()
    {
        var project = _bench
            .Project()
            .Model("base", "select 1 as id")
            .Model("derived", "select * from {base}")
            .Expect("base", "relationships", "id", null, ("to", null, "derived"), ("field", "id", null));

        var plan = await _bench.PlanAsync(project);

        plan.Nodes.Single(n => n.Name == "derived").Tests.ShouldHaveSingleItem();
        plan.Nodes.Single(n => n.Name == "base").Tests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_FullRefresh_LeavesModelsThatForbidItAlone()
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x", Materialization.Incremental)
            .Model("b", "select 1 as x", Materialization.Incremental, c => c with { FullRefresh = false });
        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await LinesAsync(project, r => r with { FullRefresh = true })).ShouldBe([
            "a: Full (--full-refresh)",
            "b: None (fresh)",
        ]);
    }
}
