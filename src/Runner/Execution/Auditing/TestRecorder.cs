using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Auditing;

/// <summary>
/// Puts test results on record: those of a published node in its transaction, all others in one of their own,
/// because a failure is what people look for in a history.
/// </summary>
internal static class TestRecorder
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The statements for the results of one node.</summary>
    public static IEnumerable<string> Statements(
        RunContext context,
        ConnectionRun on,
        string nodeId,
        ImmutableArray<TestResult> results
    ) =>
        context.Manifest.TestResults.Keep == 0
            ? []
            : TestResultStatements.Record(
                on.Dialect,
                [.. results.Select(result => Observe(context, nodeId, result))]
            );

    /// <summary>The statements for the results of unit tests; what is older than the project keeps goes.</summary>
    public static IEnumerable<string> UnitTests(
        RunContext context,
        ConnectionRun on,
        ImmutableArray<UnitTestResult> results
    )
    {
        var keep = context.Manifest.TestResults.Keep;
        ImmutableArray<TestObservation> run =
        [
            .. results
                .Where(result => result.Status != TestStatus.Skipped)
                .Select(result => new TestObservation
                {
                    RunId = context.Plan.RunId,
                    TestId = result.Test.UniqueId,
                    Name = result.Test.Name,
                    NodeId = result.Test.Model,
                    Status = result.Status.ToString().ToLowerInvariant(),
                    Failures = result.Differences,
                    Threshold = "differences != 0",
                    Severity = "error",
                    Duration = result.Duration,
                    TestedAt = context.Now,
                }),
        ];
        return keep == 0 || run.IsEmpty
            ? []
            :
            [
                .. TestResultStatements.Record(on.Dialect, run),
                .. TestResultStatements.Trim(on.Dialect, run.Select(one => one.TestId), keep),
            ];
    }

    /// <summary>The statements for what tests have found to be normal. Only for what is published: what was refused is not normal.</summary>
    public static IEnumerable<string> Baselines(
        RunContext context,
        ConnectionRun on,
        ImmutableArray<TestResult> results
    ) =>
        results
            .Where(result => result is { NewBaseline: not null, Status: TestStatus.Pass })
            .SelectMany(result =>
                TestBaselines.Set(
                    on.Dialect,
                    result.Test.UniqueId,
                    context.Plan.RunId,
                    new CheckBaseline(result.NewBaseline ?? "", result.TestedAt)
                )
            );

    /// <summary>Records the results of a node that was not published, also when the run is being cancelled.</summary>
    public static async Task<NodeResult> RecordUnpublishedAsync(RunContext context, NodeResult node)
    {
        if (node.Tests.IsEmpty)
            return node;
        node = node with { Tests = [.. node.Tests.Select(test => WithoutBaseline(node.Node, test))] };
        var on = context.Connections[node.Node.Connection];
        using var limit = new CancellationTokenSource(Limit, context.Clock);
        try
        {
            await WriteAsync(on, [.. Statements(context, on, node.Node.Id, node.Tests)], limit.Token);
            return node;
        }
        catch (EngineException e)
        {
            var problem = e.Error.ToDiagnostic(on.Dialect.Name, $"the test results of '{node.Node.Name}'");
            return node with { Diagnostics = [.. node.Diagnostics, problem] };
        }
        catch (FailpointException e)
        {
            return node with { Diagnostics = [.. node.Diagnostics, BuildDiagnostics.Failpoint(e.Message)] };
        }
        catch (OperationCanceledException)
        {
            // the engine does not answer; its own error is on the way
            return node;
        }
    }

    /// <summary>What a test would have taken for normal is not, where nobody sees the rows.</summary>
    public static TestResult WithoutBaseline(PlannedNode node, TestResult result) =>
        result.NewBaseline is null
            ? result
            : result with
            {
                NewBaseline = null,
                Note = $"no baseline taken, as '{node.Name}' was not published",
            };

    /// <summary>Runs statements in a transaction of their own, between those that publish.</summary>
    public static async Task WriteAsync(
        ConnectionRun on,
        IReadOnlyList<string> statements,
        CancellationToken cancellationToken
    )
    {
        if (statements.Count == 0)
            return;
        await on.PublishGate.WaitAsync(cancellationToken);
        try
        {
            await on.InTransactionAsync(
                async session =>
                {
                    foreach (var sql in statements)
                        await session.ExecuteAsync(sql, cancellationToken);
                    on.Failpoints.Hit(FailpointName.TestsBeforeCommit);
                },
                cancellationToken
            );
            on.Failpoints.Hit(FailpointName.TestsAfterCommit);
        }
        finally
        {
            on.PublishGate.Release();
        }
    }

    /// <summary>Forgets results that are older than the project keeps, of the tests that this run has run.</summary>
    public static async Task TrimAsync(
        RunContext context,
        IEnumerable<NodeResult> nodes,
        CancellationToken cancellationToken
    )
    {
        var keep = context.Manifest.TestResults.Keep;
        // a node of nothing but unit tests has a connection in name only
        foreach (var some in nodes.Where(node => !node.Tests.IsEmpty).GroupBy(node => node.Node.Connection))
        {
            var tests = some.SelectMany(node => node.Tests).Select(test => test.Test.UniqueId).Distinct();
            var on = context.Connections[some.Key];
            await WriteAsync(on, [.. TestResultStatements.Trim(on.Dialect, tests, keep)], cancellationToken);
        }
    }

    private static TestObservation Observe(RunContext context, string nodeId, TestResult result) =>
        new()
        {
            RunId = context.Plan.RunId,
            TestId = result.Test.UniqueId,
            Name = result.Test.Name,
            NodeId = result.Test.AttachedNode ?? nodeId,
            Column = result.Test.Column,
            Status = result.Status.ToString().ToLowerInvariant(),
            Failures = result.Failures,
            Checked = result.Counts is null ? result.Checked : null,
            Percent = result.Percent,
            Observed = result.Observed,
            ObservedNumber = result.ObservedNumber,
            Threshold = ThresholdWords.Of(result.Test),
            Severity = result.Test.Config.Severity.ToString().ToLowerInvariant(),
            Duration = result.Duration,
            BatchOnly = result.BatchOnly,
            TestedAt = result.TestedAt,
        };
}
