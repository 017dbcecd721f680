using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Graph.Selection;

/// <summary>All that <c>selectors.yml</c> gives names to.</summary>
public sealed class NamedSelectors(ImmutableArray<NamedSelector> all)
{
    public static readonly NamedSelectors None = new([]);

    public ImmutableArray<NamedSelector> All { get; } = all;

    public NamedSelector? Default => All.FirstOrDefault(selector => selector.IsDefault);

    /// <summary>What a command line means that names a selector, instead of nodes.</summary>
    /// <param name="place">The name, on the command line.</param>
    /// <returns>Null, after reporting, where there is no such selector or none that can be understood.</returns>
    public SelectionExpression? Find(SourceSpan place, DiagnosticBag diagnostics)
    {
        var name = place.Text;
        if (All.FirstOrDefault(selector => selector.Name == name) is { } found)
            return found.Expression;
        diagnostics.Add(SelectionDiagnostics.UnknownSelector(place, name, Names));
        return null;
    }

    /// <summary>The selectors whose names match a pattern.</summary>
    public IEnumerable<NamedSelector> Matching(string pattern) =>
        All.Where(selector => Glob.Matches(pattern, selector.Name));

    /// <summary>Reports selectors that an expression refers to and that are not there, or that lead back to themselves.</summary>
    public void Check(SelectionExpression expression, DiagnosticBag diagnostics) =>
        Check(expression, [], new HashSet<string>(StringComparer.Ordinal), diagnostics);

    /// <summary>The same for each of the selectors.</summary>
    public void CheckAll(DiagnosticBag diagnostics)
    {
        foreach (var selector in All)
        {
            if (selector.Expression is { } expression)
                Check(expression, [selector.Name], new HashSet<string>(StringComparer.Ordinal), diagnostics);
        }
    }

    /// <summary>Every single word of an expression, those of selectors that it refers to included.</summary>
    public IEnumerable<SelectionCriterion> AllCriteriaOf(SelectionExpression expression)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<SelectionExpression>([expression]);
        while (open.TryDequeue(out var next))
        {
            foreach (var criterion in CriteriaOf(next))
            {
                yield return criterion;
                if (criterion.Method != SelectionMethod.Selector)
                    continue;
                foreach (var selector in Matching(criterion.Value).Where(found => seen.Add(found.Name)))
                {
                    if (selector.Expression is { } inner)
                        open.Enqueue(inner);
                }
            }
        }
    }

    private IEnumerable<string> Names => All.Select(selector => selector.Name);

    private void Check(
        SelectionExpression expression,
        ImmutableList<string> path,
        HashSet<string> settled,
        DiagnosticBag diagnostics
    )
    {
        foreach (var criterion in CriteriaOf(expression))
        {
            if (criterion.Method != SelectionMethod.Selector)
                continue;
            var found = Matching(criterion.Value).ToList();
            if (found.Count == 0)
                diagnostics.Add(SelectionDiagnostics.UnknownSelector(criterion.Span, criterion.Value, Names));
            foreach (var selector in found)
            {
                if (path.Contains(selector.Name))
                    diagnostics.Add(
                        SelectionDiagnostics.CircularSelector(
                            criterion.Span,
                            [.. path.SkipWhile(name => name != selector.Name), selector.Name]
                        )
                    );
                else if (selector.Expression is { } inner && !settled.Contains(selector.Name))
                    Check(inner, path.Add(selector.Name), settled, diagnostics);
                settled.Add(selector.Name);
            }
        }
    }

    private static IEnumerable<SelectionCriterion> CriteriaOf(SelectionExpression expression) =>
        expression switch
        {
            SelectionCriterion criterion => [criterion],
            SelectionUnion union => union.Parts.SelectMany(CriteriaOf),
            SelectionIntersection intersection => intersection.Parts.SelectMany(CriteriaOf),
            SelectionDifference difference => CriteriaOf(difference.From)
                .Concat(CriteriaOf(difference.Without)),
            _ => [],
        };
}
