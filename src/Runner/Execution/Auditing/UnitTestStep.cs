using System.Collections.Immutable;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Auditing;

/// <summary>Runs the unit tests of one model, and keeps in its connection's state that they passed.</summary>
internal static class UnitTestStep
{
    public static async Task<NodeResult> RunAsync(
        RunContext context,
        PlannedNode node,
        CancellationToken cancellationToken
    )
    {
        var results = await context.UnitTests.RunAsync(node.UnitTests, cancellationToken);
        await RecordAsync(context, node, results, cancellationToken);
        return new NodeResult
        {
            Node = node,
            Outcome =
                results.Any(result => result.Status is TestStatus.Fail or TestStatus.Error) ? Outcome.Failed
                : results.Any(result => !result.Diagnostics.IsEmpty) ? Outcome.Warned
                : Outcome.Succeeded,
            UnitTests = results,
        };
    }

    // only where the run writes anyway: to test a model by itself touches no connection
    private static async Task RecordAsync(
        RunContext context,
        PlannedNode node,
        ImmutableArray<UnitTestResult> results,
        CancellationToken cancellationToken
    )
    {
        var isBuilt = context.Graph.Relations.Any(relation => relation.UniqueId == node.UnitTests[0].Model);
        ImmutableArray<NodeState> passed =
        [
            .. results
                .Where(result => result.Status == TestStatus.Pass)
                .Select(result => new NodeState
                {
                    NodeId = result.Test.UniqueId,
                    RunId = context.Plan.RunId,
                    BatchId = 1,
                    Fingerprint = result.Test.Fingerprint,
                    Version = context.Plan.RunId,
                    Inputs = ImmutableSortedDictionary<string, string>.Empty,
                    Rows = 0,
                    Duration = result.Duration,
                }),
        ];
        if (!isBuilt)
            return;
        var on = context.Connections[node.Connection];
        await on.PublishGate.WaitAsync(cancellationToken);
        try
        {
            string[] steps =
            [
                .. StateStatements.SetNodes(on.Dialect, passed, on.KnownRows),
                .. TestRecorder.UnitTests(context, on, results),
            ];
            await on.InTransactionAsync(
                async session =>
                {
                    foreach (var sql in steps)
                        await session.ExecuteAsync(sql, cancellationToken);
                },
                cancellationToken
            );
        }
        finally
        {
            on.PublishGate.Release();
        }
    }
}
