using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Statements;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Statements;

/// <summary>A run with a log publishes what one without it does, and the log says of each statement whose it is.</summary>
public abstract class LoggedRunTests(string connection, PostgresDatabase? postgres) : IAsyncLifetime
{
    private readonly Workbench _plain = new();
    private readonly Workbench _bench = new(postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (postgres is not null)
            await _bench.ExecuteAsync(
                "drop schema if exists main, raw, _strata, _strata_kept, _strata_feed, strata_replica_main cascade",
                "pg"
            );
        await _bench.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task Build_WithLog_PublishesTheSame_AndEveryCommitIsThere()
    {
        var expected = new List<string[]>();
        var plain = Project(_plain, "duck");
        (await _plain.BuildAsync(plain)).Nodes.ShouldAllBe(node => node.Outcome == Outcome.Succeeded);
        foreach (var model in Models)
            expected.Add(await _plain.QueryAsync($"select * from main.{model} order by 1"));

        using var file = new MemoryStream();
        var result = await BuildAsync(Project(_bench, connection), file);

        result.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Succeeded, Workbench.Text(result));
        foreach (var (model, rows) in Models.Zip(expected))
            (await _bench.QueryAsync($"select * from main.{model} order by 1", connection)).ShouldBe(rows);
        var logged = LoggedStatement.Read(file);
        logged.ShouldAllBe(one => one.Error == null && one.Connection == connection);
        Commits(logged).ShouldBe([.. Models.Take(3).Select(IdOf), null], ignoreOrder: true);
        // its query is run when it is staged, and nobody else's
        logged
            .Where(one =>
                one.Kind == "statement" && one.Sql.Contains("'daily' as kind", StringComparison.Ordinal)
            )
            .Select(one => (one.Node, one.Phase))
            .Distinct()
            .ShouldBe([(IdOf("daily"), "stage")]);
        logged
            .Where(one => one.Phase == "audit")
            .Select(one => one.Node)
            .Distinct()
            .ShouldBe([IdOf("orders")]);
        // of two that are published together each has its own statements
        foreach (var model in Models.Skip(3))
            logged.ShouldContain(one =>
                one.Phase == "publish" && one.Kind == "statement" && one.Node == IdOf(model)
            );
        logged.ShouldContain(one => one.Kind == "lock" && one.Node == null);
    }

    [Fact]
    public async Task Build_TestFails_IsLoggedUpToThere()
    {
        using var file = new MemoryStream();
        var project = _bench
            .Project()
            .Model("orders", "select 1 as id", connection: connection)
            .Test("none", "select * from {orders}", connection: connection);
        var result = await BuildAsync(project, file);

        result.Nodes.ShouldContain(node => node.Outcome == Outcome.Failed);
        var logged = LoggedStatement.Read(file);
        logged.ShouldContain(one => one.Node == IdOf("orders") && one.Phase == "audit");
        Commits(logged).ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_EngineRefuses_LogsItsWords()
    {
        using var file = new MemoryStream();
        var project = _bench
            .Project()
            .Model("orders", "select cast('x' as int) as id", connection: connection);
        await BuildAsync(project, file);

        var failed = LoggedStatement.Read(file).Where(one => one.Error is not null).ShouldHaveSingleItem();
        (failed.Node, failed.Phase).ShouldBe((IdOf("orders"), "stage"));
        failed.Sql.ShouldContain("cast('x' as int)");
    }

    private static string[] Models => ["numbers", "orders", "daily", "left_half", "right_half"];

    private static string IdOf(string model) => $"model.shop.{model}";

    private static IEnumerable<string?> Commits(IEnumerable<LoggedStatement> logged) =>
        logged.Where(one => one is { Kind: "commit", Phase: "publish" }).Select(one => one.Node);

    private static ManifestBuilder Project(Workbench bench, string connection) =>
        bench
            .Project()
            .Model("numbers", "select 1 as n union all select 2", connection: connection)
            .Model(
                "orders",
                "select n as id, n * 10 as amount from {numbers}",
                Materialization.Incremental,
                config => config with { UniqueKey = ["id"] },
                connection
            )
            .Test("not_null_orders_id", "select * from {orders} where id is null", connection: connection)
            .Model(
                "daily",
                "select sum(amount) as total, 'daily' as kind from {orders}",
                connection: connection
            )
            .Model(
                "left_half",
                "select id from {orders} where id = 1",
                config: Grouped,
                connection: connection
            )
            .Model(
                "right_half",
                "select id from {orders} where id = 2",
                config: Grouped,
                connection: connection
            );

    private static ModelConfig Grouped(ModelConfig config) => config with { Publish = PublishMode.Run };

    private async Task<RunResult> BuildAsync(ManifestBuilder project, MemoryStream file)
    {
        using var log = new StatementLog(file, null, text => text, TimeProvider.System);
        return await _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Adapters = request.Adapters.ToDictionary(one => one.Key, one => log.Watch(one.Value)),
                }
        );
    }
}

public sealed class DuckDbLoggedRunTests() : LoggedRunTests("duck", null);

[Trait("Engine", "postgres")]
public sealed class PostgresLoggedRunTests(PostgresDatabase database)
    : LoggedRunTests("pg", database),
        IClassFixture<PostgresDatabase>;

[Trait("Engine", "postgres")]
public sealed class TransferLoggedTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [PostgresFact]
    public async Task Build_AcrossEngines_LogsBothEndsOfTheCopy()
    {
        using var file = new MemoryStream();
        using var log = new StatementLog(file, null, text => text, TimeProvider.System);
        var project = _bench
            .Project()
            .Model("numbers", "select range as n from range(1000)")
            .Model("far", "select count(*) as n from {numbers}", connection: "pg");
        var result = await _bench.BuildAsync(
            project,
            request =>
                request with
                {
                    Adapters = request.Adapters.ToDictionary(one => one.Key, one => log.Watch(one.Value)),
                }
        );

        result.Nodes.ShouldAllBe(node => node.Outcome == Outcome.Succeeded, Workbench.Text(result));
        var copies = LoggedStatement.Read(file).Where(one => one.Kind is "read" or "write").ToArray();
        copies
            .OrderBy(one => one.Kind)
            .Select(one => (one.Kind, one.Connection, one.Engine, one.Rows, one.Phase))
            .ShouldBe([
                ("read", "duck", "duckdb", 1000, "stage"),
                ("write", "pg", "postgres", 1000, "stage"),
            ]);
        copies.Select(one => one.Node).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
    }
}
