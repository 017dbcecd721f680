using Strata.Runner.Statements;
using Strata.Runner.Tests.Statements;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Incremental;

/// <summary>What a merge on DuckDB reads of a history that is much longer than its batch: the vectors in which its rows lie, where they are few.</summary>
public sealed class MergePlacesTests : IAsyncLifetime
{
    private const string Rows = "300000";

    /// <summary>In stretches of 50 neighbours, which lie in no order.</summary>
    private const string History =
        $"select i as id, i % 7 as v, 'text ' || i as t from range({Rows}) r(i) order by hash(i // 50), i";

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("id between 120000 and 121999", true)]
    [InlineData("id between 120000 and 120019", false)]
    [InlineData("id % 100 = 0", false)]
    public async Task RowsOfAFewVectors_AreLookedForThere_AndNoneIsMissed(string touched, bool areFew)
    {
        var project = _bench.MergeProject();
        await _bench.LoadBatchAsync(History);
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.LoadBatchAsync(
            $"select id, case when id % 2 = 0 then 100 else v end as v, t from ({History}) where {touched} "
                + $"union all select {Rows}, 5, 'new'"
        );

        using var file = new MemoryStream();
        using var log = new StatementLog(file, null, text => text, TimeProvider.System);
        (
            await _bench.BuildAsync(
                project,
                request =>
                    request with
                    {
                        Adapters = request.Adapters.ToDictionary(one => one.Key, one => log.Watch(one.Value)),
                    }
            )
        ).ShouldSucceed();

        LoggedStatement.Read(file).Any(one => one.Sql.Contains("get_bit")).ShouldBe(areFew);
        var expected =
            $"select id, case when id % 2 = 0 and {touched} then 100 else v end as v, t from ({History}) "
            + $"union all select {Rows}, 5, 'new'";
        (
            await _bench.QueryAsync(
                $"(from main.up except all ({expected})) union all (({expected}) except all from main.up)"
            )
        ).ShouldBeEmpty();
        (
            await _bench.QueryAsync(
                "select _change, count(*) from main.log where _change_batch > 1 group by all order by all"
            )
        ).ShouldBe(
            (
                await _bench.QueryAsync(
                    $"select 'insert', 1 union all select 'update', count(*) from ({History}) where {touched} and id % 2 = 0 order by all"
                )
            )
        );
    }
}
