using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Results;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Judges a batch of a microbatch model by what readers will see. Where that fails no less already, by what is published, the old rows of
/// periods that the same run replaces by batches of their own are left out: else none of several bad periods could ever be
/// mended. Where the batch makes it worse (its key is that of a row in another period), nothing is left out.
/// </summary>
internal sealed class PeriodAuditor(Auditor auditor)
{
    /// <param name="others">The other periods of the run that it has not published.</param>
    public async Task<ImmutableArray<TestResult>> RunAsync(
        ConnectionRun on,
        StagedNode staged,
        ImmutableArray<TestNode> tests,
        ImmutableArray<BatchPeriod> others,
        CancellationToken cancellationToken
    )
    {
        var results = await auditor.RunAsync(on, tests, cancellationToken);
        ImmutableArray<TestResult> failed = [.. results.Where(Fails)];
        if (others.IsEmpty || failed.IsEmpty || staged.Batch is not { Periods: { } periods } batch)
            return results;
        var before = await JudgeAsync(
            [
                .. failed.Select(result =>
                    result.Test with
                    {
                        Config = result.Test.Config with { StoreFailures = false },
                    }
                ),
            ],
            Overlay.Target(on.Dialect, batch)
        );
        var alone = batch with { Periods = periods with { Disregarded = others } };
        var again = await JudgeAsync(
            [.. failed.Where(IsNoWorse).Select(result => result.Test)],
            $"(\n{Overlay.Query(on.Dialect, alone)}\n)"
        );
        return [.. results.Select(result => again.GetValueOrDefault(result.Test.UniqueId, result))];

        bool IsNoWorse(TestResult result) =>
            before[result.Test.UniqueId] is var was && Fails(was) && was.Failures >= result.Failures;

        async Task<Dictionary<string, TestResult>> JudgeAsync(ImmutableArray<TestNode> some, string rows)
        {
            var relation = new CheckRelation(
                rows,
                staged.Relation.Published.Name,
                [.. staged.Columns.Select(column => new CheckColumn(column.Name, column.Type))]
            )
            {
                IsStored = false,
            };
            var instead = new RowsInstead(staged.Node.Id, relation, relation);
            var judged = await auditor.RunAsync(on, some, cancellationToken, instead);
            return judged.ToDictionary(result => result.Test.UniqueId);
        }
    }

    // one that looks at the batch alone sees no old rows
    private static bool Fails(TestResult result) =>
        result is { Status: TestStatus.Fail or TestStatus.Warn, BatchOnly: false };
}
