using Strata.Compiler.Manifest.Models;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Rollback;

/// <summary>Relations that others have dropped or written to in between.</summary>
public abstract partial class RollbackRunTests
{
    [Theory]
    [InlineData(Materialization.Table)]
    [InlineData(Materialization.Incremental)]
    public async Task ATableThatOthersDropped_DoesNotGoBackBehindThat_AndStays(Materialization materialized)
    {
        var project = One(materialized);
        await LoadAsync(Batches[0]);
        await BuildAsync(project);
        await LoadAsync(Batches[1]);
        var second = await BuildAsync(project);
        await _bench.ExecuteAsync("drop table main.m", connection);
        var third = await BuildAsync(project);
        var there = await DumpAsync("m");
        await LoadAsync(Batches[2]);
        await BuildAsync(project);
        var latest = await DumpAsync("m");

        foreach (
            var refused in new[]
            {
                await _bench.DryRollbackAsync(project, second),
                await _bench.RollbackAsync(project, second),
            }
        )
        {
            var said = refused.Diagnostics.Single(found => found.IsError);
            said.Code.ShouldBe("ST7061");
            said.Details[0].ShouldContain($"somebody has dropped main.m before run {third} made it anew");
        }
        (await DumpAsync("m")).ShouldBe(latest);
        (await _bench.RollbackAsync(project, third)).ShouldBeBack();
        (await DumpAsync("m")).ShouldBe(there);
    }

    [Fact]
    public async Task ATableThatOthersDropped_AndThatNoRunHasMadeAnew_IsRefused()
    {
        var project = One(Materialization.Incremental);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        await _bench.ExecuteAsync("drop table main.m", connection);

        foreach (
            var refused in new[]
            {
                await _bench.DryRollbackAsync(project, first),
                await _bench.RollbackAsync(project, first),
            }
        )
        {
            var said = refused.Diagnostics.Single(found => found.IsError);
            said.Code.ShouldBe("ST7064");
            said.Details[0].ShouldContain("main.m is not there: somebody has dropped it since");
        }
    }

    [Theory]
    [InlineData("table")]
    [InlineData("keyed table")]
    [InlineData("append")]
    [InlineData("merge")]
    [InlineData("partial merge")]
    [InlineData("delete+insert")]
    public async Task TheRowsThatAreTold_AreThoseThatComeBack(string strategy)
    {
        var project = Project(strategy);
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(project);
        await LoadAsync(Batches[1]);
        await BuildAsync(project);
        // of the first batch, so that nothing refuses
        await _bench.ExecuteAsync("delete from main.m where id = 1", connection);
        await LoadAsync(Batches[2]);
        await BuildAsync(project);

        var dry = (await _bench.DryRollbackAsync(project, first)).ShouldBeBack();
        var told = dry.Plan.ShouldNotBeNull().Connections.SelectMany(one => one.Nodes).Single();
        told.RowsNow.ShouldBe(await CountAsync());
        var done = (await _bench.RollbackAsync(project, first)).ShouldBeBack();

        told.RowsThen.ShouldBe(await CountAsync());
        var back = done.Plan.ShouldNotBeNull().Connections.SelectMany(one => one.Nodes).Single();
        (back.RowsNow, back.RowsThen).ShouldBe((told.RowsNow, told.RowsThen));
    }

    [Fact]
    public async Task WhatWasNotThere_IsToldToBeDropped()
    {
        await LoadAsync(Batches[0]);
        var first = await BuildAsync(One(Materialization.Table));
        await BuildAsync(Followed());

        var dry = (await _bench.DryRollbackAsync(Followed(), first)).ShouldBeBack();

        dry.Plan.ShouldNotBeNull()
            .Connections.SelectMany(one => one.Nodes)
            .Single(node => node.Node.EndsWith(".log", StringComparison.Ordinal))
            .IsDropped.ShouldBeTrue();
    }

    private async Task<long> CountAsync() =>
        long.Parse(
            (await _bench.QueryAsync("select count(*) from main.m", connection)).Single(),
            System.Globalization.CultureInfo.InvariantCulture
        );
}
