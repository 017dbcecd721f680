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
        if (to is RollbackRequest.Previous or RollbackRequest.LastSuccess)
        {
            var isMeant = to == RollbackRequest.Previous ? _ => true : (Func<RollbackPlan, bool>)Succeeded;
            if (Available().FirstOrDefault(isMeant) is { } previous)
                return previous;
            var blocked = Plans().Where(isMeant).FirstOrDefault(plan => !plan.Problems.IsEmpty);
            diagnostics.Add(
                blocked is null
                    ? RollbackDiagnostics.UnknownRun(to, to == RollbackRequest.Previous ? [] : Ids())
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
        var plan = Plan(run);
        if (plan.Problems.IsEmpty)
            return plan;
        diagnostics.Add(RollbackDiagnostics.OutOfReach(run.RunId, plan.Problems, Ids()));
        return null;
    }

    /// <summary>Says that the run is one that did not succeed: what it had published by its end comes back, and no more.</summary>
    public void WarnOf(RollbackPlan plan, DiagnosticBag diagnostics)
    {
        if (plan.IsEmpty || plan.To.Outcome == RunOutcome.Succeeded)
            return;
        var better = Available().FirstOrDefault(Succeeded);
        diagnostics.Add(RollbackDiagnostics.TargetNotWhole(plan.To.RunId, plan.To.Outcome, better?.To.RunId));
    }

    private static bool Succeeded(RollbackPlan plan) => plan.To.Outcome == RunOutcome.Succeeded;

    /// <summary>The ways back that there are, latest first; those that lead nowhere else are none.</summary>
    private IEnumerable<RollbackPlan> Available() =>
        Plans().Where(plan => plan.Problems.IsEmpty && !plan.IsEmpty);

    // a run may have ended on one connection and died on another
    private RollbackPlan Plan(RunRecord run) =>
        history.PlanBack(run with { Outcome = history.OutcomeOf(run) }, manifest, includes);

    private IEnumerable<RollbackPlan> Plans() =>
        history
            .Runs.Where(run => run.Target.Length == 0 || run.Target == manifest.TargetName)
            .Take(MostExamined)
            .Select(Plan);

    private string[] Ids() => [.. Available().Select(plan => plan.To.RunId)];
}
