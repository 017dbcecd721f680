using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Transfers;

/// <summary>An input that was built anew by itself: its readers take in no row twice, whatever its feed then holds.</summary>
[Trait("Engine", "postgres")]
public sealed class RefreshedInputTests(PostgresDatabase database)
    : IAsyncLifetime,
        IClassFixture<PostgresDatabase>
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed, duck__main cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData("duck", "duck", IncrementalStrategy.Append)]
    [InlineData("duck", "duck", IncrementalStrategy.Merge)]
    [InlineData("pg", "pg", IncrementalStrategy.Append)]
    [InlineData("pg", "pg", IncrementalStrategy.Merge)]
    [InlineData("duck", "pg", IncrementalStrategy.Append)]
    [InlineData("duck", "pg", IncrementalStrategy.Merge)]
    public async Task FullRefreshOfTheInputAlone_ThenItsReader_CountsEveryArrivalOnce(
        string from,
        string to,
        IncrementalStrategy strategy
    )
    {
        var project = Project(from, to, strategy);
        await _bench.ExecuteAsync("create schema raw", from);
        await _bench.ExecuteAsync("create table raw.events (id int, v text)", from);
        await LoadAsync(from, "(1, 'a'), (2, 'b')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await LoadAsync(from, "(3, 'c')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await ReadAsync(to)).ShouldBe(["1|a", "2|b", "3|c"]);

        // rows that are there, and one that the reader has not seen
        await LoadAsync(from, "(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        (
            await _bench.BuildAsync(project, request => Only("bronze")(request) with { FullRefresh = true })
        ).ShouldSucceed();
        var second = (await _bench.BuildAsync(project, Only("silver"))).ShouldSucceed();

        (await ReadAsync(to)).ShouldBe(["1|a", "2|b", "3|c", "4|d"]);
        // a replica on Postgres is compared with the new copy, and its own feed goes on
        if (to == "duck")
            second.Node("silver").Node.Reason.ShouldBe("'bronze' was rebuilt, rolled back or lost columns");
        (await _bench.BuildAsync(project, Only("silver"))).OutcomeOf("silver").ShouldBe(Outcome.Fresh);
        await LoadAsync(from, "(5, 'e')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        (await ReadAsync(to)).ShouldBe(["1|a", "2|b", "3|c", "4|d", "5|e"]);
    }

    [Theory]
    [InlineData("duck", "duck")]
    [InlineData("pg", "pg")]
    [InlineData("duck", "pg")]
    public async Task ReaderThatFellBehindWhatTheFeedKeeps_ReadsEverything_AndSaysSo(string from, string to)
    {
        var project = Project(from, to, IncrementalStrategy.Append);
        await _bench.ExecuteAsync("create schema raw", from);
        await _bench.ExecuteAsync("create table raw.events (id int, v text)", from);
        await LoadAsync(from, "(1, 'a')");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        foreach (var id in new[] { 2, 3, 4 })
        {
            await LoadAsync(from, $"({id}, 'x')");
            (await _bench.BuildAsync(project, Only("bronze"))).ShouldSucceed();
        }
        // what the feed does with those who stay away for longer than changes are kept
        await _bench.ExecuteAsync(
            "update _strata.feeds set first_batch = 4 where node = 'model.shop.bronze'",
            from
        );
        await _bench.ExecuteAsync("delete from _strata_feed.main__bronze where _change_batch < 4", from);

        var second = (await _bench.BuildAsync(project, Only("silver"))).ShouldSucceed();

        (await ReadAsync(to)).ShouldBe(["1|a", "2|x", "3|x", "4|x"]);
        if (from == to)
            second.Node("silver").Node.Reason.ShouldBe("changes of 'bronze' are not all kept");
        else
            second
                .Nodes.Single(node => node.Node.Kind == PlannedKind.Transfer)
                .Node.Writer.ShouldBe("full copy");
    }

    private Support.ManifestBuilder Project(string from, string to, IncrementalStrategy strategy) =>
        _bench
            .Project()
            .Source("events", connection: from)
            .Model(
                "bronze",
                "select id, v from {events}",
                Materialization.Incremental,
                config =>
                    config with
                    {
                        IncrementalStrategy = strategy,
                        UniqueKey = strategy == IncrementalStrategy.Merge ? ["id"] : [],
                    },
                from
            )
            .Model(
                "silver",
                "select id, v from {changes bronze}",
                Materialization.Incremental,
                config => config with { IncrementalStrategy = IncrementalStrategy.Append },
                to
            );

    private static Func<RunRequest, RunRequest> Only(string name) =>
        request => request with { Selected = [$"model.shop.{name}"] };

    private async Task LoadAsync(string connection, string values)
    {
        await _bench.ExecuteAsync("delete from raw.events", connection);
        await _bench.ExecuteAsync($"insert into raw.events values {values}", connection);
    }

    private Task<string[]> ReadAsync(string connection) =>
        _bench.QueryAsync("select id, v from main.silver order by id, v", connection);
}
