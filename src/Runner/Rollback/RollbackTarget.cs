using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Runs;

namespace Strata.Runner.Rollback;

/// <summary>Finds the run that the user means, and says what there is when there is none.</summary>
internal sealed class RollbackTarget(
    ProjectHistory history,
    ProjectManifest manifest,
    Func<string, bool> includes
)
{
    // far more than anybody keeps
    private const int MostExamined = 50;

    public RollbackPlan? Find(string to, DiagnosticBag diagnostics)
    {
        if (to == RollbackRequest.Previous)
        {
            if (Available().FirstOrDefault() is { } previous)
                return previous;
            var blocked = Plans().FirstOrDefault(plan => !plan.Problems.IsEmpty);
            diagnostics.Add(
                blocked is null
                    ? RollbackDiagnostics.UnknownRun(to, [])
                    : RollbackDiagnostics.OutOfReach(blocked.To.RunId, blocked.Problems, [])
            );
            return null;
        }
        var runs = history.Runs;
        var matches = runs.Any(run => run.RunId == to)
            ? [.. runs.Where(run => run.RunId == to)]
            : runs.Where(run => to.Length > 0 && run.RunId.StartsWith(to, StringComparison.OrdinalIgnoreCase))
                .ToImmutableArray();
        if (matches.Length > 1)
        {
            diagnostics.Add(RollbackDiagnostics.SeveralRuns(to, [.. matches.Select(run => run.RunId)]));
            return null;
        }
        if (matches is not [var run])
        {
            diagnostics.Add(RollbackDiagnostics.UnknownRun(to, Ids()));
            return null;
        }
        if (run.Target.Length > 0 && run.Target != manifest.TargetName)
        {
            diagnostics.Add(
                RollbackDiagnostics.OtherTarget(run.RunId, run.Target, manifest.TargetName, Ids())
            );
            return null;
        }
        var plan = history.PlanBack(run, manifest, includes);
        if (plan.Problems.IsEmpty)
            return plan;
        diagnostics.Add(RollbackDiagnostics.OutOfReach(run.RunId, plan.Problems, Ids()));
        return null;
    }

    /// <summary>The ways back that there are, latest first; those that lead nowhere else are none.</summary>
    private IEnumerable<RollbackPlan> Available() =>
        Plans().Where(plan => plan.Problems.IsEmpty && !plan.IsEmpty);

    private IEnumerable<RollbackPlan> Plans() =>
        history
            .Runs.Where(run => run.Target.Length == 0 || run.Target == manifest.TargetName)
            .Take(MostExamined)
            .Select(run => history.PlanBack(run, manifest, includes));

    private string[] Ids() => [.. Available().Select(plan => plan.To.RunId)];
}
