using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>Every result of every test is on record, on the connection where the test ran.</summary>
[Trait("Engine", "postgres")]
public sealed class TestHistoryTests(PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private const string All =
        "select name, status, failures, threshold, severity from _strata.test_results order by tested_at, name";

    private readonly Workbench _bench = new(database);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bench.ExecuteAsync("drop schema if exists main, _strata, _strata_kept cascade", "pg");
        await _bench.DisposeAsync();
    }

    [PostgresTheory]
    [InlineData("duck")]
    [InlineData("pg")]
    public async Task Build_PassWarnAndFail_AreAllOnRecord(string connection)
    {
        Support.ManifestBuilder Project(string value) =>
            _bench
                .Project()
                .Model("a", $"select {value} as x", connection: connection)
                .Expect("a", "not_null", "x")
                .Expect(
                    "a",
                    "accepted_values",
                    "x",
                    new TestConfig { Severity = TestSeverity.Warn },
                    ("values", new List<object?> { 1L }, null)
                );
        (await _bench.BuildAsync(Project("1"))).ShouldSucceed();
        (await _bench.BuildAsync(Project("2"))).ShouldSucceed();
        (await _bench.BuildAsync(Project("cast(null as integer)"))).IsSuccess.ShouldBeFalse();

        var rows = await _bench.QueryAsync(
            "select run_id, name, status, failures, threshold from _strata.test_results order by run_id, name",
            connection
        );

        rows.Select(row => row[(row.IndexOf('|', StringComparison.Ordinal) + 1)..])
            .ShouldBe([
                "accepted_values_a_x|pass|0|warn_if != 0",
                "not_null_a_x|pass|0|error_if != 0",
                "accepted_values_a_x|warn|1|warn_if != 0",
                "not_null_a_x|pass|0|error_if != 0",
                "accepted_values_a_x|pass|0|warn_if != 0",
                "not_null_a_x|fail|1|error_if != 0",
            ]);
    }

    [PostgresFact]
    public async Task Test_QueryThatCannotRun_IsOnRecord()
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x")
            .Test("odd", "select * from {a} where nope");

        await _bench.BuildAsync(project);

        (await _bench.QueryAsync(All)).ShouldBe(["odd|error|null|error_if != 0|error"]);
    }

    [PostgresFact]
    public async Task Build_HeldBackByAnother_KeepsWhatItsTestsFound()
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x", config: Grouped)
            .Expect("a", "not_null", "x")
            .Model("b", "select cast(null as int) as x", config: Grouped)
            .Expect("b", "not_null", "x");

        var result = await _bench.BuildAsync(project);

        result.OutcomeOf("a").ShouldBe(Outcome.HeldBack);
        (await _bench.QueryAsync("select name, status from _strata.test_results order by name")).ShouldBe([
            "not_null_a_x|pass",
            "not_null_b_x|fail",
        ]);
    }

    [PostgresFact]
    public async Task Test_OfWhatIsPublished_IsOnRecordOncePerRun()
    {
        var project = _bench.Project().Model("a", "select 1 as x").Expect("a", "not_null", "x");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.a set x = null");

        await _bench.RunAsync(project, RunCommand.Test);

        (
            await _bench.QueryAsync(
                "select status, count(*) from _strata.test_results group by all order by all"
            )
        ).ShouldBe(["fail|1", "pass|1"]);
    }

    [PostgresTheory]
    [InlineData("duck")]
    [InlineData("pg")]
    public async Task Test_ThatFails_IsDueInTheNextBuildUntilItPasses(string connection)
    {
        var project = _bench
            .Project()
            .Model("a", "select 1 as x", connection: connection)
            .Expect("a", "not_null", "x");
        (await _bench.BuildAsync(project)).ShouldSucceed();
        await _bench.ExecuteAsync("update main.a set x = null", connection);
        (await _bench.RunAsync(project, RunCommand.Test)).IsSuccess.ShouldBeFalse();

        var still = await _bench.BuildAsync(project);
        await _bench.ExecuteAsync("update main.a set x = 1", connection);
        var mended = (await _bench.BuildAsync(project)).ShouldSucceed();
        var fresh = (await _bench.BuildAsync(project)).ShouldSucceed();

        still.OutcomeOf("a").ShouldBe(Outcome.Failed);
        mended.Node("a").Tests.Length.ShouldBe(1);
        fresh.Node("a").Tests.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Build_OftenerThanIsKept_ForgetsTheOldest()
    {
        for (var i = 1; i <= 4; i++)
        {
            var project = _bench.Project().Model("a", $"select {i} as x").Expect("a", "not_null", "x");
            await _bench.BuildAsync(project, KeepTwo);
        }

        (await _bench.QueryAsync("select count(*), min(run_id) from _strata.test_results"))
            .Single()
            .ShouldStartWith("2|20261121T014503");
    }

    [PostgresTheory]
    [InlineData("duck")]
    [InlineData("pg")]
    public async Task History_AggregateTest_GivesNumbersNewestFirst(string connection)
    {
        for (var i = 1; i <= 3; i++)
        {
            var project = _bench
                .Project()
                .Model("a", $"select {i} as x", connection: connection)
                .Expect("a", "expect_column_sum_to_be_between", "x", null, ("min_value", 2L, null));
            await _bench.BuildAsync(project);
        }

        await using var session = await _bench.Adapters[connection].OpenSessionAsync(CancellationToken.None);
        const string id = "test.shop.expect_column_sum_to_be_between_a_x";
        var history = await TestHistory.ReadAsync(
            session,
            _bench.Adapters[connection].Dialect,
            [id],
            2,
            CancellationToken.None
        );

        history.Of(id).Select(one => one.ObservedNumber).ShouldBe([3.0, 2.0]);
        history.Of(id).Select(one => one.Status).ShouldBe(["pass", "pass"]);
        history.Of("test.shop.other").ShouldBeEmpty();
    }

    private static RunRequest KeepTwo(RunRequest request) =>
        request with
        {
            Manifest = request.Manifest with { TestResults = new TestResultsConfig(Keep: 2) },
        };

    private static ModelConfig Grouped(ModelConfig config) => config with { Publish = PublishMode.Run };
}
