using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Text;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>However a run ends, it says so, clears up after itself, and its record says the same.</summary>
public sealed class RunEndTests : IAsyncLifetime
{
    private const string Endless =
        "select count(*) as n from range(100000000000) a, range(1000) b where a.range % 7 = b.range";

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    /// <summary>An exception that nobody in the runner reckons with, the first time that something happens.</summary>
    private void ThrowOnce(Func<RunEvent, bool> when)
    {
        var isOver = false;
        _bench.Observe = happened =>
        {
            if (isOver || !when(happened))
                return;
            isOver = true;
            throw new InvalidOperationException("nobody thought of this");
        };
    }

    private async Task ShouldHaveEndedAsync(string outcome)
    {
        _bench.Events.Last().ShouldBeOfType<RunFinished>();
        (await _bench.QueryAsync("select outcome, ended_at is not null from _strata.runs")).ShouldBe([
            $"{outcome}|True",
        ]);
        (await _bench.LeftOversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task UnforeseenErrorOfANode_FailsThatNodeByName_AndTheRunGoesOn()
    {
        var project = _bench
            .Project()
            .Model("bad", "select 1 as x")
            .Model("below", "select * from {bad}")
            .Model("other", "select 2 as x");
        ThrowOnce(happened => happened is NodeStarted { Phase: "stage", Node.Name: "bad" });

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("bad").ShouldBe(Outcome.Failed);
        var problem = result.Node("bad").Diagnostics.Single();
        problem.Code.ShouldBe("ST9001");
        problem.Message.ShouldBe("strata itself failed at 'bad': nobody thought of this");
        result.OutcomeOf("below").ShouldBe(Outcome.Skipped);
        result.OutcomeOf("other").ShouldBe(Outcome.Succeeded);
        await ShouldHaveEndedAsync("failed");
    }

    [Fact]
    public async Task UnforeseenErrorOfAGroup_HoldsItsMembersBack_AndTheRunEnds()
    {
        static ModelConfig Grouped(ModelConfig config) => config with { Publish = PublishMode.Run };
        var project = _bench
            .Project()
            .Model("a", "select 1 as x", config: Grouped)
            .Model("b", "select * from {a}", config: Grouped);
        ThrowOnce(happened => happened is NodeStarted { Phase: "publish" });

        var result = await _bench.BuildAsync(project);

        result.Nodes.ShouldAllBe(node => node.Outcome == Outcome.HeldBack);
        result.Diagnostics.Single().Message.ShouldStartWith("strata itself failed at the publishing of '");
        await ShouldHaveEndedAsync("failed");
    }

    [Fact]
    public async Task UnforeseenErrorOutsideOfAnyNode_StillEndsTheRun()
    {
        var project = _bench.Project().Model("a", "select 1 as x").Model("b", "select * from {a}");
        ThrowOnce(happened => happened is NodeFinished { Result.Node.Name: "a" });

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("a").ShouldBe(Outcome.Succeeded);
        result.OutcomeOf("b").ShouldBe(Outcome.Skipped);
        var problem = result.Diagnostics.Single();
        (problem.Code, problem.Message).ShouldBe(("ST9001", "strata itself failed: nobody thought of this"));
        (result.IsSuccess, result.CouldNotStart).ShouldBe((false, false));
        await ShouldHaveEndedAsync("failed");
    }

    [Fact]
    public async Task SessionOfATransactionThatFailed_IsNotUsedAgain()
    {
        (await _bench.BuildAsync(_bench.Project().Model("a", "select 1 as x"))).ShouldSucceed();
        var request = _bench.Request(_bench.Project().Model("a", "select 1 as x"), RunCommand.Build, null);
        var graph = new PlanGraph(request.Manifest, request.Selected, request.Command);
        var diagnostics = new DiagnosticBag();
        var states = await StateSurvey.ReadAsync(request, graph, diagnostics, CancellationToken.None);
        await using var on = new ConnectionRun(
            _bench.Adapters["duck"],
            states.ShouldNotBeNull().Engines["duck"],
            RunId.Create(request.StartedAt)
        );
        Task SetAsync(bool fails) =>
            on.InTransactionAsync(
                async session =>
                {
                    await session.ExecuteAsync("set variable mark = 'mine'", CancellationToken.None);
                    if (fails)
                        throw new InvalidOperationException("half way");
                },
                CancellationToken.None
            );
        async Task<object?> MarkAsync()
        {
            await using var lease = await on.Sessions.RentAsync(CancellationToken.None);
            return (
                await lease.Session.QueryAsync("select getvariable('mark')", 1, CancellationToken.None)
            ).Scalar;
        }

        await Should.ThrowAsync<InvalidOperationException>(() => SetAsync(fails: true));
        (await MarkAsync()).ShouldBeNull();
        await SetAsync(fails: false);
        (await MarkAsync()).ShouldBe("mine");
    }

    [Fact]
    public async Task CancelledInOnRunStart_EndsAsCancelled()
    {
        var project = _bench.Project().Model("a", "select 1 as x");
        using var stop = new CancellationTokenSource();
        _bench.Observe = happened =>
        {
            if (happened is RunStarted)
                stop.CancelAfter(TimeSpan.FromSeconds(3)); // the hook runs by then, on a busy machine, too
        };
        var span = new SourceText("strata.yml", "on-run-start").Span(0, 12);

        var result = await _bench.RunAsync(
            project,
            RunCommand.Build,
            request =>
                request with
                {
                    Manifest = request.Manifest with { OnRunStart = [new RunHook(Endless, "duck", span)] },
                },
            stop.Token
        );

        (result.WasCancelled, result.CouldNotStart).ShouldBe((true, false));
        result.OutcomeOf("a").ShouldBe(Outcome.Cancelled);
        await ShouldHaveEndedAsync("cancelled");
    }
}
