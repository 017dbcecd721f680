using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Planning;

/// <summary>
/// The unit tests that are due, one planned node for those of a model. They wait for nothing, and their model waits
/// for them. What passed before is fresh as long as neither the test nor anything that the model is made of changes;
/// who asks for tests gets them all.
/// </summary>
internal static class UnitTestPlan
{
    public static ImmutableArray<PlannedNode> Of(RunRequest request, PlanGraph graph, EngineStates states) =>
        [
            .. graph
                .UnitTests.Where(test => request.Command == RunCommand.Test || !IsFresh(test, states))
                .GroupBy(test => test.Model)
                .Select(tests => PlannedNodeOf(request.Manifest, tests.Key, [.. tests])),
        ];

    /// <summary>The id of the planned node that a model waits for.</summary>
    public static string IdOf(ProjectManifest manifest, string model) =>
        $"unit_tests.{manifest.ProjectName}.{manifest.Nodes[model].Name}";

    private static bool IsFresh(UnitTestNode test, EngineStates states) =>
        !test.ReadsClock && states.StateOf(test.UniqueId)?.Fingerprint == test.Fingerprint;

    private static PlannedNode PlannedNodeOf(
        ProjectManifest manifest,
        string model,
        ImmutableArray<UnitTestNode> tests
    ) =>
        new()
        {
            Id = IdOf(manifest, model),
            Name = $"unit tests of {manifest.Nodes[model].Name}",
            Kind = PlannedKind.UnitTest,
            Action = PlannedAction.UnitTest,
            Reason = tests.Length == 1 ? "1 unit test is due" : $"{tests.Length} unit tests are due",
            Connection = tests[0].Connection,
            UnitTests = tests,
        };
}
