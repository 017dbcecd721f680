using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Whole runs on one DuckDB file.</summary>
public sealed class DuckDbRunTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Build_TableAndView_ArePublished()
    {
        var project = _bench
            .Project()
            .Model("numbers", "select range as n from range(5)")
            .Model("even", "select n from {numbers} where numbers.n % 2 = 0", Materialization.View);

        (await _bench.BuildAsync(project)).ShouldSucceed();

        (await _bench.QueryAsync("select n from main.even order by n")).ShouldBe(["0", "2", "4"]);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_Twice_IsFresh()
    {
        var project = _bench
            .Project()
            .Seed("codes", "code,label\n1,one\n2,two\n")
            .Model("labelled", "select label from {codes}")
            .Model("shout", "select upper(label) as label from {labelled}", Materialization.View)
            .Expect("shout", "not_null", "label");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ReopenAsync();

        var second = (await _bench.BuildAsync(project)).ShouldSucceed();

        second.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Fresh);
    }

    [Fact]
    public async Task Build_ChangedModel_RebuildsWhatReadsIt()
    {
        Support.ManifestBuilder Project(string sql) =>
            _bench.Project().Model("a", sql).Model("b", "select * from {a}").Model("c", "select 1 as x");
        (await _bench.BuildAsync(Project("select 1 as x"))).ShouldSucceed();

        var second = (await _bench.BuildAsync(Project("select 2 as x"))).ShouldSucceed();

        second.OutcomeOf("a").ShouldBe(Outcome.Succeeded);
        second.OutcomeOf("b").ShouldBe(Outcome.Succeeded);
        second.OutcomeOf("c").ShouldBe(Outcome.Fresh);
        (await _bench.QueryAsync("from main.b")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Build_FailingTest_KeepsWhatReadersSeeAndSkipsDownstream()
    {
        Support.ManifestBuilder Project(string sql) =>
            _bench.Project().Model("a", sql).Expect("a", "not_null", "x").Model("b", "select * from {a}");
        (await _bench.BuildAsync(Project("select 1 as x"))).ShouldSucceed();

        var second = await _bench.BuildAsync(Project("select null::int as x"));

        second.OutcomeOf("a").ShouldBe(Outcome.Failed);
        second.OutcomeOf("b").ShouldBe(Outcome.Skipped);
        second.Node("b").Because.ShouldBe("a");
        second.Node("a").Tests.Single().Status.ShouldBe(TestStatus.Fail);
        (await _bench.QueryAsync("from main.a")).ShouldBe(["1"]);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_WarningTest_PublishesAndWarns()
    {
        var project = _bench
            .Project()
            .Model("a", "select null::int as x")
            .Expect("a", "not_null", "x", new TestConfig { Severity = TestSeverity.Warn });

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("a").ShouldBe(Outcome.Warned);
        (await _bench.QueryAsync("from main.a")).ShouldBe(["null"]);
    }

    [Fact]
    public async Task Build_WrongColumn_PointsAtTheModelsLine()
    {
        var project = _bench
            .Project()
            .Model("orders", "select 1 as amount")
            .Model("daily_revenue", "select\n  sum(amout) as revenue\nfrom {orders}")
            .Model("later", "select * from {daily_revenue}");

        var result = await _bench.BuildAsync(project);

        var error = result.Node("daily_revenue").Diagnostics.Single();
        error.Code.ShouldBe("ST5002");
        error.Message.ShouldBe("duckdb rejected model 'daily_revenue'");
        error.Span!.Value.ToString().ShouldBe("models/daily_revenue.sql:2:7");
        error.SpanSuffix.ShouldBe("compiled: line 2");
        error.Hint!.ShouldContain("amount");
        error.Hint!.ShouldContain("1 downstream model skipped");
    }

    [Fact]
    public async Task Build_ViewBecomesTableAndBack_Works()
    {
        Support.ManifestBuilder Project(Materialization kind) =>
            _bench
                .Project()
                .Model("a", "select 1 as x", kind)
                .Model("b", "select * from {a}", Materialization.View);

        foreach (var kind in new[] { Materialization.View, Materialization.Table, Materialization.View })
            (await _bench.BuildAsync(Project(kind))).ShouldSucceed();

        (await _bench.QueryAsync("from main.b")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Build_OnlyDownstreamOfWhatWasNeverBuilt_SaysWhatToSelect()
    {
        var project = _bench.Project().Model("a", "select 1 as x").Model("b", "select * from {a}");

        var result = await _bench.BuildAsync(
            project,
            request => request with { Selected = ["model.shop.b"] }
        );

        var error = result.Node("b").Diagnostics.Single();
        error.Code.ShouldBe("ST7002");
        error.Hint!.ShouldContain("--select +a");
    }

    [Fact]
    public async Task Build_FailFast_SkipsTheRestBecauseOfTheFirst()
    {
        var project = _bench
            .Project()
            .Model("broken", "select nope")
            .Model("b1", "select 1 as x")
            .Model("b2", "select * from {b1}");

        var result = await _bench.BuildAsync(
            project,
            request => request with { FailFast = true, Threads = 1 }
        );

        result.OutcomeOf("broken").ShouldBe(Outcome.Failed);
        result.OutcomeOf("b2").ShouldBe(Outcome.Skipped);
        result.Node("b2").Because.ShouldBe("broken");
    }

    [Fact]
    public async Task Build_WhileAnotherRunHoldsTheLock_IsRefused()
    {
        var project = _bench.Project().Model("a", "select 1 as x");
        await using var held = await _bench
            .Adapters["duck"]
            .TryLockStateAsync("other", CancellationToken.None);

        var result = await _bench.BuildAsync(project);

        result.CouldNotStart.ShouldBeTrue();
        result.Diagnostics.Single().Code.ShouldBe("ST7001");
    }

    [Fact]
    public async Task Build_Cancelled_PublishesNothingMoreAndLeavesNothing()
    {
        var project = _bench
            .Project()
            .Model(
                "slow",
                "select count(*) as n from range(100000000000) a, range(1000) b where a.range % 7 = b.range"
            );
        using var stop = new CancellationTokenSource();
        _bench.Observe = happened =>
        {
            // a little later, when the query runs; sooner or later, the result must be the same
            if (happened is NodeStarted)
                stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        };

        var result = await _bench.RunAsync(project, RunCommand.Build, null, stop.Token);

        result.WasCancelled.ShouldBeTrue();
        result.OutcomeOf("slow").ShouldBe(Outcome.Cancelled);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }
}
