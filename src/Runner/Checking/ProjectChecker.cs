using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Binding;
using Strata.Runner.Planning;
using Strata.Runner.Statements;
using Strata.Runner.Transfers;

namespace Strata.Runner.Checking;

/// <summary>
/// Binds the queries of the selected models and tests on engines of their kind, over empty tables of what they read, without building
/// anything: for <c>strata check</c>.
/// </summary>
public static class ProjectChecker
{
    public static async Task<CheckReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        await using var engines = new PrivateEngines(request);
        var manifest = request.Manifest;
        var judge = new ErrorJudge(manifest, request.Adapters);
        var selected = manifest
            .Nodes.Values.OfType<TestNode>()
            .Where(test => request.Selected.Contains(test.UniqueId))
            .ToImmutableArray();
        var checker = new ModelChecker(engines, judge, manifest, selected);
        var needed = Needed(request);
        var models = ImmutableArray.CreateBuilder<CheckedModel>();
        foreach (var id in manifest.Graph.Sorted.Where(needed.Contains))
        {
            if (manifest.Find<ModelNode>(id) is not { } model)
                continue;
            using var scope = StatementScope.Enter(id);
            var result = await checker.CheckAsync(model, cancellationToken);
            // of what is not selected counts only that it stands in the way
            if (request.Selected.Contains(id) || (result.Status == CheckStatus.HasErrors && !result.Binds))
                models.Add(result);
        }
        var found = models.SelectMany(model => model.Diagnostics).Concat(NotChecked(models)).ToList();
        found.AddRange(CannotCross(request, checker));
        var tests = ImmutableArray.CreateBuilder<TestNode>();
        var tester = new TestChecker(engines, judge, request);
        foreach (var test in selected.Where(test => checker.FindBroken(test) is null))
        {
            using var scope = StatementScope.Enter(test.UniqueId);
            if (await tester.CheckAsync(test, cancellationToken) is not { } problems)
                continue;
            tests.Add(test);
            found.AddRange(problems);
        }
        found.AddRange(
            engines.Unreachable.Select(lost =>
                CheckDiagnostics.NoServer(
                    null,
                    request.Adapters[lost.Key].Dialect.Name,
                    lost.Key,
                    lost.Value.Message
                )
            )
        );
        var diagnostics = new DiagnosticBag();
        foreach (var diagnostic in found)
            diagnostics.Add(diagnostic);
        return new CheckReport(models.ToImmutable(), tests.ToImmutable(), diagnostics.ToSorted())
        {
            LacksServer = engines.Unreachable.Count > 0,
        };
    }

    /// <summary>The selected models and tests, and the models above them, whose columns they need.</summary>
    private static HashSet<string> Needed(RunRequest request)
    {
        var graph = request.Manifest.Graph;
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(
            request.Selected.Where(id => request.Manifest.Nodes[id] is ModelNode or TestNode)
        );
        while (open.TryPop(out var id))
        {
            if (!needed.Add(id))
                continue;
            foreach (var parent in graph.ParentsOf(id))
                open.Push(parent);
        }
        return needed;
    }

    /// <summary>Names of columns that another engine cannot have, of what crosses to it. What types lose is known once a relation is there.</summary>
    private static IEnumerable<Diagnostic> CannotCross(RunRequest request, ModelChecker checker) =>
        new PlanGraph(request.Manifest, request.Selected, RunCommand.Build).Transfers.SelectMany(transfer =>
            ColumnRefusals.OfNames(
                request.Manifest,
                transfer,
                request.Adapters[transfer.Connection].Dialect,
                transfer.Producer is ModelNode model
                    ? checker.ColumnsOf(model)
                    : transfer.Producer.Columns.Select(column => column.Name)
            )
        );

    // models that one thing keeps from being checked are told of together
    private static IEnumerable<Diagnostic> NotChecked(IEnumerable<CheckedModel> models) =>
        models
            .Where(model => model.Reason is { Place: not null })
            .GroupBy(model => (Text: model.Reason?.Text ?? "", model.Reason?.Place))
            .Select(some =>
                CheckDiagnostics.NotChecked(
                    some.Key.Place,
                    [.. some.Select(model => model.Model.Name)],
                    some.Key.Text,
                    some.First().Reason?.Details ?? [],
                    some.First().Reason?.Hint
                )
            );
}
