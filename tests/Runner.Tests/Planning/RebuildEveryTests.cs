using Strata.Compiler.Manifest.Models;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Planning;

/// <summary>Models that are due with time, though nothing has changed.</summary>
public sealed class RebuildEveryTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private async Task<NodeResult> BuildAsync(
        RebuildPeriod? every,
        DateTimeOffset at,
        Materialization materialized = Materialization.Table
    )
    {
        var project = _bench
            .Project()
            .Model("up", "select 1 as id")
            .Model(
                "target",
                "select id from {up}",
                materialized,
                config => config with { RebuildEvery = every, UniqueKey = ["id"] }
            );
        var result = await _bench.BuildAsync(project, request => request with { StartedAt = at });
        return result.ShouldSucceed().Node("target");
    }

    [Theory]
    [InlineData(null, "2027-03-01 00:00:00", false)]
    [InlineData(RebuildPeriod.Change, "2027-03-01 00:00:00", false)]
    [InlineData(RebuildPeriod.Run, "2026-11-30 10:00:01", true)]
    [InlineData(RebuildPeriod.Hour, "2026-11-30 10:59:59", false)]
    [InlineData(RebuildPeriod.Hour, "2026-11-30 11:00:00", true)]
    [InlineData(RebuildPeriod.Day, "2026-11-30 23:59:59", false)]
    [InlineData(RebuildPeriod.Day, "2026-12-01 00:00:00", true)]
    [InlineData(RebuildPeriod.Month, "2026-11-30 23:59:59", false)]
    [InlineData(RebuildPeriod.Month, "2026-12-01 00:00:00", true)]
    public async Task ANewPeriod_MakesATableDue(RebuildPeriod? every, string at, bool isDue)
    {
        await BuildAsync(every, At("2026-11-30 10:00:00"));

        var again = await BuildAsync(every, At(at));

        again.Outcome.ShouldBe(isDue ? Outcome.Succeeded : Outcome.Fresh);
        if (isDue)
            again.Node.Reason.ShouldBe($"rebuild_every: {every.ToString()!.ToLowerInvariant()}");
    }

    [Theory]
    [InlineData(Materialization.Incremental)]
    [InlineData(Materialization.Snapshot)]
    public async Task WhatGrows_IsDueToo_OnceAPeriod(Materialization materialized)
    {
        await BuildAsync(RebuildPeriod.Day, At("2026-11-30 10:00:00"), materialized);

        (await BuildAsync(RebuildPeriod.Day, At("2026-12-01 10:00:00"), materialized)).Outcome.ShouldBe(
            Outcome.Succeeded
        );
        (await BuildAsync(RebuildPeriod.Day, At("2026-12-01 11:00:00"), materialized)).Outcome.ShouldBe(
            Outcome.Fresh
        );
    }

    [Fact]
    public async Task AView_IsAskedWhenItIsRead()
    {
        await BuildAsync(RebuildPeriod.Run, At("2026-11-30 10:00:00"), Materialization.View);

        (
            await BuildAsync(RebuildPeriod.Run, At("2026-11-30 11:00:00"), Materialization.View)
        ).Outcome.ShouldBe(Outcome.Fresh);
    }

    [Theory]
    [InlineData(RebuildPeriod.Day, null, true)]
    [InlineData(null, RebuildPeriod.Day, true)]
    [InlineData(RebuildPeriod.Month, RebuildPeriod.Run, true)]
    [InlineData(RebuildPeriod.Change, RebuildPeriod.Month, false)]
    [InlineData(null, null, false)]
    public async Task AViewWithTheStartOfTheRun_IsDue_ByItselfAndWithItsReaders(
        RebuildPeriod? view,
        RebuildPeriod? reader,
        bool isDue
    )
    {
        var first = At("2026-11-29 10:00:00");
        (await BuildAsync(first)).ShouldSucceed();

        var again = await BuildAsync(first.AddDays(1));

        again.ShouldSucceed().Node("v").Outcome.ShouldBe(isDue ? Outcome.Succeeded : Outcome.Fresh);
        (await _bench.QueryAsync("select id from main.target")).ShouldBe([isDue ? "30" : "29"]);
        (await BuildAsync(first.AddDays(1).AddMinutes(1)))
            .Node("v")
            .Outcome.ShouldBe(reader == RebuildPeriod.Run ? Outcome.Succeeded : Outcome.Fresh);

        Task<RunResult> BuildAsync(DateTimeOffset at) =>
            _bench.BuildAsync(
                _bench
                    .Project()
                    .Model(
                        "v",
                        $"select {at.Day} as id",
                        Materialization.View,
                        config => config with { RebuildEvery = view }
                    )
                    .Change("v", model => model with { Instants = [7], Fingerprint = "without the time" })
                    .Model("between", "select id from {v}", Materialization.View)
                    .Model(
                        "target",
                        "select id from {between}",
                        config: c => c with { RebuildEvery = reader }
                    ),
                request => request with { StartedAt = at }
            );
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
