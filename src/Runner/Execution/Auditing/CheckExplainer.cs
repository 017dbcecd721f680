using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Events;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.UnitTests;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Execution.Auditing;

/// <summary>Says how the tests of a request would be run, without running any: for <c>strata test --explain</c>.</summary>
public static class CheckExplainer
{
    /// <returns>By planned node, in the plan's order; empty, with the reasons, where a connection cannot be read.</returns>
    public static async Task<(
        ImmutableArray<(PlannedNode Node, CheckPlan Checks)> Nodes,
        ImmutableArray<Diagnostic> Problems
    )> ExplainAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        var graph = new PlanGraph(request.Manifest, request.Selected, request.Command);
        var states = await StateSurvey.ReadAsync(request, graph, diagnostics, cancellationToken);
        if (states is null)
            return ([], diagnostics.ToSorted());
        var runId = RunId.Create(request.StartedAt);
        await using var unitTests = new UnitTestBench(request, runId);
        var plan = RunPlanner.Plan(request, graph, states, runId);
        var context = RunContext.Create(request, null, plan, graph, states, unitTests, new Nobody());
        try
        {
            var relations = new AuditedRelations(context, new RelationBinder(context));
            return (
                [
                    .. context
                        .Plan.Nodes.Where(node => !node.Tests.IsEmpty)
                        .Select(node =>
                            (
                                node,
                                CheckPlanner.Plan(
                                    relations.ExplainedRequest(
                                        context.Connections[node.Connection],
                                        node.Tests
                                    )
                                )
                            )
                        ),
                ],
                diagnostics.ToSorted()
            );
        }
        finally
        {
            foreach (var connection in context.Connections.Values)
                await connection.DisposeAsync();
        }
    }

    private sealed class Nobody : IRunObserver
    {
        public void OnEvent(RunEvent runEvent) { }
    }
}
