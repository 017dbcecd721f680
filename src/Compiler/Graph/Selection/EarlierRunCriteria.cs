using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Comparing;

namespace Strata.Compiler.Graph.Selection;

/// <summary>The criteria that look at what earlier runs left: <c>state:</c>, <c>result:</c>, <c>source_status:</c>.</summary>
internal static class EarlierRunCriteria
{
    private const string Fresher = "fresher";

    // as dbt's run results spell them
    private static readonly ImmutableArray<string> s_statuses =
    [
        "success",
        "error",
        "fail",
        "warn",
        "skipped",
        "partial success",
        "pass",
        "runtime error",
        "no-op",
        "reused",
    ];

    public static bool Has(SelectionMethod method) =>
        method is SelectionMethod.State or SelectionMethod.Result or SelectionMethod.SourceStatus;

    /// <summary>Why a criterion cannot be answered; null when it can, or needs no earlier run.</summary>
    public static Diagnostic? FindProblem(SelectionCriterion criterion, EarlierRuns earlier) =>
        criterion.Method switch
        {
            SelectionMethod.State => Check(
                criterion,
                ProjectComparison.Values,
                earlier.Comparison,
                "the manifest.json of an earlier run"
            ),
            SelectionMethod.Result => Check(
                criterion,
                s_statuses,
                earlier.Results,
                "the run_results.json of an earlier run"
            ),
            SelectionMethod.SourceStatus => Check(
                criterion,
                [Fresher],
                earlier.FresherSources,
                "the sources.json of an earlier 'source freshness'"
            ),
            _ => null,
        };

    /// <param name="criterion">One that has no problem.</param>
    public static Func<SelectableNode, bool> TestOf(SelectionCriterion criterion, EarlierRuns earlier)
    {
        var value = criterion.Value;
        return criterion.Method switch
        {
            SelectionMethod.State => node => earlier.Comparison?.Is(node.Id, value) == true,
            SelectionMethod.Result => node => earlier.Results?.GetValueOrDefault(node.Id) == value,
            _ => node => earlier.FresherSources?.Contains(node.Id) == true,
        };
    }

    private static Diagnostic? Check(
        SelectionCriterion criterion,
        ImmutableArray<string> values,
        object? found,
        string needed
    )
    {
        var method = SelectionParser.NameOf(criterion.Method);
        return !values.Contains(criterion.Value)
                ? SelectionDiagnostics.UnknownValue(criterion.Span, method, criterion.Value, values)
            : found is null ? SelectionDiagnostics.NoEarlierRun(criterion.Span, method, needed)
            : null;
    }
}
