using Strata.Compiler.Manifest.Models;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Runs over two connections that end before their time, and connections that are lost on the way.</summary>
[Trait("Engine", "postgres")]
public sealed class RunEndAcrossTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync("drop event trigger if exists refuse", "pg");
        await _bench.ExecuteAsync(
            "drop schema if exists main, raw, guard, _strata, _strata_kept cascade",
            "pg"
        );
        await _bench.DisposeAsync();
    }

    private Support.ManifestBuilder Both() =>
        _bench.Project().Model("here", "select 1 as x").Model("there", "select 2 as x", connection: "pg");

    /// <summary>Has the server do something instead of a kind of command.</summary>
    private async Task InsteadAsync(string command, string body)
    {
        await _bench.ExecuteAsync("create schema guard", "pg");
        await _bench.ExecuteAsync(
            $"create function guard.refuse() returns event_trigger language plpgsql as $$ begin {body}; end $$",
            "pg"
        );
        await _bench.ExecuteAsync(
            $"create event trigger refuse on ddl_command_start when tag in ('{command}') execute function guard.refuse()",
            "pg"
        );
    }

    private async Task<string> RunsAsync(string connection) =>
        string.Join(
            " ",
            await _bench.QueryAsync("select outcome from _strata.runs order by seq", connection)
        );

    [PostgresFact]
    public async Task SecondConnectionRefusesItsState_TheRecordOfTheFirstIsEnded()
    {
        await InsteadAsync("CREATE TABLE", "raise 'no room for state'");

        var result = await _bench.BuildAsync(Both());

        result.CouldNotStart.ShouldBeTrue();
        Workbench.Text(result).ShouldContain("no room for state");
        _bench.Events.Last().ShouldBeOfType<RunFinished>();
        (await RunsAsync("duck")).ShouldBe("failed");
    }

    [PostgresFact]
    public async Task CancelledBetweenTwoConnections_TheRecordOfTheFirstIsEnded()
    {
        var pause = Path.Combine(_bench.Folder, "paused");
        using var stop = new CancellationTokenSource();
        var stopping = StopAtAsync(pause, stop);

        var result = await _bench.RunAsync(
            Both(),
            RunCommand.Build,
            request => request with { Failpoints = Failpoints.Parse($"run.swept:pause={pause}@2") },
            stop.Token
        );

        await stopping;
        result.WasCancelled.ShouldBeTrue();
        result.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Cancelled);
        _bench.Events.Last().ShouldBeOfType<RunFinished>();
        (await RunsAsync("duck")).ShouldBe("cancelled");
    }

    [PostgresFact]
    public async Task StagesThatCannotBeDropped_DoNotKeepTheRecordFromItsEnd()
    {
        await InsteadAsync("DROP SCHEMA", "raise 'it stays'");

        var result = (await _bench.BuildAsync(Both())).ShouldSucceed();

        result.Diagnostics.Single().Code.ShouldBe("ST7017");
        (await RunsAsync("pg")).ShouldBe("succeeded");
        (await RunsAsync("duck")).ShouldBe("succeeded");
    }

    [PostgresFact]
    public async Task ConnectionLostAtTheFirstStageSchema_LaterNodesMakeIt()
    {
        var project = _bench
            .Project()
            .Model("first", "select 1 as x", connection: "pg")
            .Model("second", "select 2 as x", connection: "pg");
        (await _bench.BuildAsync(project, request => request with { Threads = 1 })).ShouldSucceed();
        await InsteadAsync("CREATE SCHEMA", "perform pg_terminate_backend(pg_backend_pid())");
        var isMended = false;
        _bench.Observe = happened =>
        {
            if (isMended || happened is not NodeFinished)
                return;
            isMended = true;
            using var connection = database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "drop event trigger refuse";
            command.ExecuteNonQuery();
        };

        var result = await _bench.BuildAsync(
            project,
            request => request with { Threads = 1, FullRefresh = true }
        );

        result
            .Nodes.Select(node => node.Outcome)
            .ShouldBe([Outcome.Failed, Outcome.Succeeded], ignoreOrder: true, Workbench.Text(result));
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task TransactionThatFailsAsItBegins_IsRolledBack()
    {
        await _bench.ExecuteAsync("create schema guard", "pg");
        await _bench.ExecuteAsync(
            "create function guard.set_config(text, text, boolean) returns text language plpgsql as $$ begin raise 'not now'; end $$",
            "pg"
        );
        await using var session = await _bench.Adapters["pg"].OpenSessionAsync(CancellationToken.None);
        await session.ExecuteAsync("set search_path = guard, pg_catalog", CancellationToken.None);

        await Should.ThrowAsync<Strata.Runner.Adapters.Errors.EngineException>(() =>
            session.BeginAsync(CancellationToken.None)
        );

        await session.ExecuteAsync("set search_path = public", CancellationToken.None);
        await using var transaction = await session.BeginAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    [PostgresFact]
    public async Task RollbackCancelledBetweenItsCommits_GoesOnToItsEnd()
    {
        var project = Both();
        var first = (await _bench.BuildAsync(project)).ShouldSucceed();
        var next = _bench
            .Project()
            .Model("here", "select 10 as x")
            .Model("there", "select 20 as x", connection: "pg");
        (await _bench.BuildAsync(next)).ShouldSucceed();
        var pause = Path.Combine(_bench.Folder, "paused");
        using var stop = new CancellationTokenSource();
        var stopping = StopAtAsync(pause, stop);

        var result = await _bench.RollbackAsync(
            project,
            first.Plan.RunId,
            request => request with { Failpoints = Failpoints.Parse($"rollback.after_commit:pause={pause}") },
            stop.Token
        );

        await stopping;
        result.ShouldBeBack().Done.ShouldBe(["duck", "pg"]);
        (await _bench.QueryAsync("select x from main.here")).ShouldBe(["1"]);
        (await _bench.QueryAsync("select x from main.there", "pg")).ShouldBe(["2"]);
    }

    [PostgresTheory]
    [InlineData(1, Outcome.Succeeded)]
    [InlineData(2, Outcome.PartialSuccess)]
    public async Task StageOfABatchThatCannotBeDropped_LeavesWhatIsPublishedPublished(
        int days,
        Outcome outcome
    )
    {
        await _bench.ExecuteAsync("create schema raw", "pg");
        await _bench.ExecuteAsync(
            "create table raw.events as select 1 as id, timestamp '2026-11-18 10:00' as ts",
            "pg"
        );
        var project = _bench
            .Project()
            .Source("events", connection: "pg", eventTime: "ts")
            .Model(
                "daily",
                "select id, ts from {events}",
                Materialization.Incremental,
                c =>
                    c with
                    {
                        IncrementalStrategy = IncrementalStrategy.Microbatch,
                        EventTime = "ts",
                        BatchSize = BatchSize.Day,
                        Begin = new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                    },
                "pg"
            );
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await InsteadAsync("DROP VIEW", "raise 'it stays'");

        var result = await _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Selected = ["model.shop.daily"],
                    EventTime = new(
                        new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero),
                        new DateTimeOffset(2026, 11, 18 + days, 0, 0, 0, TimeSpan.Zero)
                    ),
                }
        );

        var node = result.Node("daily");
        node.Outcome.ShouldBe(outcome);
        node.Batches.Select(batch => batch.IsPublished).ShouldBe([true]);
        Workbench.Text(result).Contains("it stays").ShouldBe(days > 1);
        (await _bench.LeftOversAsync("pg")).ShouldBeEmpty();
    }

    /// <summary>Cancels once a failpoint has paused, and lets it go on.</summary>
    private static Task StopAtAsync(string pause, CancellationTokenSource stop) =>
        Task.Run(async () =>
        {
            while (!File.Exists(pause))
                await Task.Delay(10);
            await stop.CancelAsync();
            File.Delete(pause);
        });
}
