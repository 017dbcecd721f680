using Strata.Compiler.Manifest.Models;
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

    [Fact]
    public async Task Plan_OfAReaderWhoseUpstreamWasOrWillBeBuiltAnew_SaysThatItReadsAllAgain()
    {
        Support.ManifestBuilder Project(int rows, bool? fullRefresh = null) =>
            _bench
                .Project()
                .Model(
                    "up",
                    $"select i as id from range({rows}) r(i)",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id"] }
                )
                .Model(
                    "reads",
                    "select id from {changes up}",
                    Materialization.Incremental,
                    c => c with { FullRefresh = fullRefresh }
                );
        (await _bench.BuildAsync(Project(1))).ShouldSucceed();
        (await LinesAsync(Project(2)))[1].ShouldBe("reads: Incremental (if 'up' changes)?");

        (
            await _bench.BuildAsync(
                Project(2),
                r => r with { Selected = ["model.shop.up"], FullRefresh = true }
            )
        ).ShouldSucceed();

        (await LinesAsync(Project(2)))[1]
            .ShouldBe("reads: Full ('up' was rebuilt, rolled back or lost columns)");
        (await LinesAsync(Project(2, false)))[1]
            .ShouldBe(
                "reads: Incremental ('up' was rebuilt, rolled back or lost columns; full_refresh: false (ST7018))"
            );
        (await _bench.PlanAsync(Project(2, false))).Nodes[1].Writer.ShouldBeNull();
        var plan = await _bench.PlanAsync(Project(2));
        var result = (await _bench.BuildAsync(Project(2))).ShouldSucceed();
        plan.Nodes[1].Writer.ShouldBe(result.Node("reads").Node.Writer);
        result.Node("reads").Node.Reason.ShouldBe(plan.Nodes[1].Reason);
        (await _bench.QueryAsync("select count(*) from main.reads")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Plan_OfAReaderWhoseUpstreamIsBuiltAnewInThisRun_SaysThatItReadsAllAgain()
    {
        Support.ManifestBuilder Project(bool fullRefresh) =>
            _bench
                .Project()
                .Model(
                    "up",
                    "select 1 as id",
                    Materialization.Incremental,
                    c => c with { UniqueKey = ["id"], FullRefresh = fullRefresh ? true : null }
                )
                .Model("reads", "select id from {changes up}", Materialization.Incremental);
        (await _bench.BuildAsync(Project(false))).ShouldSucceed();

        var lines = await LinesAsync(Project(true));
        var result = (await _bench.BuildAsync(Project(true))).ShouldSucceed();

        lines[0].ShouldBe("up: Full (full_refresh: true)");
        lines[1].ShouldBe("reads: Full (if 'up' changes; 'up' is rebuilt)?");
        result.Node("reads").Node.Action.ShouldBe(PlannedAction.Full);
    }

    [Fact]
    public async Task Plan_OfANodeThatWasSomethingElse_SaysWhat()
    {
        Support.ManifestBuilder Project(string name, string alias, bool? fullRefresh = null) =>
            _bench
                .Project()
                .Model(
                    name,
                    "select 1 as id",
                    Materialization.Incremental,
                    c => c with { FullRefresh = fullRefresh }
                )
                .Alias(name, alias);
        (await _bench.BuildAsync(Project("a", "t"))).ShouldSucceed();
        (await LinesAsync(Project("b", "t"))).ShouldBe(["b: Full (was 'a' before)"]);
        (await LinesAsync(Project("b", "t", false))).ShouldBe([
            "b: Full (was 'a' before; full_refresh: false keeps what is there (ST7027))",
        ]);
        (await _bench.PlanAsync(Project("b", "t", false))).Nodes.Single().Writer.ShouldBeNull();
        (await _bench.BuildAsync(Project("a", "u"))).ShouldSucceed();
        (await LinesAsync(Project("a", "t"))).ShouldBe(["a: Full (was main.u before)"]);
    }

    [Fact]
    public async Task Plan_OfDefinitionsThatAnEarlierVersionHasHashedOtherwise_KnowsThemAgain()
    {
        Support.ManifestBuilder Project(string more = "") =>
            _bench
                .Project()
                .Model("a", "select 1 as id", Materialization.Incremental)
                .Model("b", $"select id{more} from {{a}}", Materialization.View)
                .Model("c", "select id from {b}", Materialization.Incremental);
        (await _bench.BuildAsync(Project())).ShouldSucceed();

        (await LinesAsync(Project().Fingerprinted("x"))).ShouldBe([
            "a: None (fresh)",
            "b: None (fresh)",
            "c: None (fresh)",
        ]);
        (await LinesAsync(Project(", 2 as n").Fingerprinted("x"))).ShouldBe([
            "a: None (fresh)",
            "b: View (definition changed)",
            "c: Incremental (if 'b' changes)?",
        ]);
        // what is published is known by the new words, and the others by the old ones
        (await _bench.BuildAsync(Project(", 2 as n").Fingerprinted("x"))).ShouldSucceed();
        (await LinesAsync(Project(", 2 as n").Fingerprinted("x"))).ShouldAllBe(line =>
            line.EndsWith("None (fresh)")
        );
    }
}
