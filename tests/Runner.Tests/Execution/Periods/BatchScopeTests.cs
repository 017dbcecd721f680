using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution.Periods;

/// <summary>When a test may look at the batch alone, and that nothing slips through where it does.</summary>
public sealed class BatchScopeTests : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private static ModelConfig Keyed(ModelConfig config) => config with { UniqueKey = ["id"] };

    private Support.ManifestBuilder Project(Func<ModelConfig, ModelConfig> config, string test = "v > 0") =>
        _bench
            .Project()
            .Source("batch")
            .Model("target", "select * from {batch}", Materialization.Incremental, config)
            .Expect("target", "expect", null, null, ("expression", test, null));

    private async Task<RunResult> BuildAsync(
        Support.ManifestBuilder project,
        string values,
        bool tests = true
    )
    {
        await _bench.ExecuteAsync("create schema if not exists raw");
        await _bench.ExecuteAsync("create or replace table raw.batch (id int, v int, w int)");
        await _bench.ExecuteAsync($"insert into raw.batch values {values}");
        return await _bench.BuildAsync(
            project,
            r =>
                tests
                    ? r
                    : r with
                    {
                        Selected = r
                            .Selected.Where(id => !id.StartsWith("test.", StringComparison.Ordinal))
                            .ToImmutableHashSet(),
                    }
        );
    }

    private static TestResult Test(RunResult result) => result.Node("target").Tests.Single();

    [Fact]
    public async Task Merge_SecondBatch_IsAllThatIsLookedAt()
    {
        (await BuildAsync(Project(Keyed), "(1, 1, 1), (2, 2, 2)")).ShouldSucceed();

        var second = Test(await BuildAsync(Project(Keyed), "(3, 3, 3)"));
        var third = Test(await BuildAsync(Project(Keyed), "(4, -4, 4)"));

        (second.BatchOnly, second.Status).ShouldBe((true, TestStatus.Pass));
        (third.BatchOnly, third.Status, third.Checked).ShouldBe((true, TestStatus.Fail, 1));
    }

    [Fact]
    public async Task RowsThatWerePublishedWithoutTheirTests_AreLookedAtLater()
    {
        (await BuildAsync(Project(Keyed), "(1, 1, 1)")).ShouldSucceed();
        (await BuildAsync(Project(Keyed), "(2, -2, 2)", tests: false)).ShouldSucceed();

        var third = Test(await BuildAsync(Project(Keyed), "(3, 3, 3)"));

        (third.BatchOnly, third.Status).ShouldBe((false, TestStatus.Fail));
        third.WholeBecause.ShouldBe("it has not passed without a failure on what is published");
    }

    [Fact]
    public async Task MergeOfSomeColumns_MixOfOldAndNew_IsSeen()
    {
        static ModelConfig Some(ModelConfig config) => Keyed(config) with { MergeUpdateColumns = ["v"] };
        (await BuildAsync(Project(Some, "v <= w"), "(1, 1, 1)")).ShouldSucceed();

        // the row of the batch is good, the row that comes of it is not: v is new, w is not
        var second = Test(await BuildAsync(Project(Some, "v <= w"), "(1, 5, 9)"));

        (second.BatchOnly, second.Status).ShouldBe((false, TestStatus.Fail));
    }

    [Fact]
    public async Task SequencedMerge_RowThatLoses_FailsNothing()
    {
        static ModelConfig Sequenced(ModelConfig config) => Keyed(config) with { SequenceBy = "w" };
        (await BuildAsync(Project(Sequenced), "(1, 1, 5)")).ShouldSucceed();

        var second = await BuildAsync(Project(Sequenced), "(1, -1, 4)");

        second.ShouldSucceed();
        Test(second).WholeBecause.ShouldNotBeNull().ShouldContain("sequence_by");
    }

    [Fact]
    public async Task FigureOfFailures_AddsUpOverBatches()
    {
        const string MoreThanThree = "case when count(*) > 3 then count(*) else 0 end";
        var project = _bench
            .Project()
            .Source("batch")
            .Model("target", "select * from {batch}", Materialization.Incremental)
            .Expect(
                "target",
                "expect",
                null,
                new TestConfig { FailCalc = MoreThanThree },
                ("expression", "v > 0", null)
            );
        (await BuildAsync(project, "(1, -1, 1), (2, -2, 2)")).ShouldSucceed();

        var second = Test(await BuildAsync(project, "(3, -3, 3), (4, -4, 4)"));

        (second.BatchOnly, second.Status, second.Failures).ShouldBe((false, TestStatus.Fail, 4));
    }

    [Theory]
    [InlineData("v not in (from raw.limits)", "its condition reads other rows")]
    [InlineData("v > (select 0)", "its condition reads other rows")]
    [InlineData("v > 0 and now() is not null", "its condition depends on the time or on chance")]
    public async Task ConditionOnMoreThanTheRow_AllRowsAreLookedAt(string expression, string because)
    {
        await _bench.ExecuteAsync("create schema raw");
        await _bench.ExecuteAsync("create table raw.limits (v int)");
        (await BuildAsync(Project(Keyed, expression), "(1, 1, 1)")).ShouldSucceed();

        var second = Test((await BuildAsync(Project(Keyed, expression), "(2, 2, 2)")).ShouldSucceed());

        (second.BatchOnly, second.WholeBecause).ShouldBe((false, because));
    }
}
