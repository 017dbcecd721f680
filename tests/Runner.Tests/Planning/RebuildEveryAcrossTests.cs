using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Planning;

/// <summary>What is due with time and reads its rows from another engine.</summary>
[Trait("Engine", "postgres")]
public sealed class RebuildEveryAcrossTests(PostgresDatabase database)
    : IAsyncLifetime,
        IClassFixture<PostgresDatabase>
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, _strata, _strata_kept, _strata_feed, duck__main cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData(RebuildPeriod.Run, "view", true)]
    [InlineData(RebuildPeriod.Run, "near", true)]
    [InlineData(RebuildPeriod.Day, "view", false)]
    [InlineData(null, "view", false)]
    public async Task ACopyOfAView_IsDueWithItsReaders(RebuildPeriod? every, string reads, bool isDue)
    {
        await _bench.ExecuteAsync("create sequence asked");
        // another row whenever it is asked, as the time would make it
        var project = _bench
            .Project()
            .Model("view", "select nextval('asked') as id", Materialization.View)
            .Model("near", "select id from {view}", Materialization.View, connection: "pg")
            .Model(
                "target",
                $"select id from {{{reads}}}",
                Materialization.Table,
                config => config with { RebuildEvery = every },
                "pg"
            );
        var at = new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.Zero);
        (await _bench.BuildAsync(project, request => request with { StartedAt = at })).ShouldSucceed();
        var before = await ReadAsync();

        var again = await _bench.BuildAsync(project, request => request with { StartedAt = at.AddHours(2) });

        again.ShouldSucceed();
        var copy = again.Nodes.Single(node => node.Node.Kind == PlannedKind.Transfer);
        copy.Outcome.ShouldBe(isDue ? Outcome.Succeeded : Outcome.Fresh);
        if (isDue)
        {
            copy.Node.Reason.ShouldBe("rebuild_every: run");
            (await ReadAsync()).ShouldNotBe(before);
        }
        else
        {
            (await ReadAsync()).ShouldBe(before);
        }
    }

    [Theory]
    [InlineData(RebuildPeriod.Day, null)]
    [InlineData(null, RebuildPeriod.Day)]
    public async Task ACopyThatAViewReads_IsDueByItsOwnAge(RebuildPeriod? view, RebuildPeriod? table)
    {
        await _bench.ExecuteAsync("create sequence asked");
        var project = _bench
            .Project()
            .Model("view", "select nextval('asked') as id", Materialization.View)
            .Model(
                "near",
                "select id from {view}",
                Materialization.View,
                config => config with { RebuildEvery = view },
                "pg"
            )
            .Model(
                "target",
                "select id from {near}",
                Materialization.Table,
                config => config with { RebuildEvery = table },
                "pg"
            );
        var at = new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);
        (await BuildAsync(at)).ShouldSucceed();
        var before = await ReadAsync();
        // the table alone, which does not take the copy with it
        (await BuildAsync(at.AddDays(1), "model.shop.target")).ShouldSucceed();
        (await ReadAsync()).ShouldBe(before);

        (await BuildAsync(at.AddDays(1).AddHours(1))).ShouldSucceed();

        (await ReadAsync()).ShouldNotBe(before);
        (await BuildAsync(at.AddDays(1).AddHours(2))).Nodes.ShouldAllBe(node =>
            node.Outcome == Outcome.Fresh
        );

        Task<RunResult> BuildAsync(DateTimeOffset started, string? only = null) =>
            _bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        StartedAt = started,
                        Selected = only is null ? request.Selected : [only],
                    }
            );
    }

    private Task<string[]> ReadAsync() => _bench.QueryAsync("select id from main.target", "pg");
}
