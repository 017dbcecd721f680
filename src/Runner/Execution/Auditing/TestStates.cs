using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Results;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Auditing;

/// <summary>What the state keeps of tests: that they passed, on which versions of what they read.</summary>
internal static class TestStates
{
    public static IEnumerable<NodeState> Passed(
        RunContext context,
        ImmutableArray<TestResult> results,
        NodeVersions versions
    ) =>
        results
            .Where(result => result.Status is TestStatus.Pass or TestStatus.Warn)
            .Select(result => new NodeState
            {
                NodeId = result.Test.UniqueId,
                RunId = context.Plan.RunId,
                BatchId = 1,
                Fingerprint = result.Test.Fingerprint,
                Version = context.Plan.RunId,
                Inputs = versions.Of(context.Graph.InputsOf(result.Test)),
                Rows = result.Failures,
                Duration = result.Duration,
            });
}
