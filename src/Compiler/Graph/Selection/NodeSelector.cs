using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Compiler.Graph.Selection;

/// <summary>Finds the nodes that a selection means, tests included.</summary>
public sealed class NodeSelector
{
    private readonly ImmutableSortedDictionary<string, SelectableNode> _nodes;
    private readonly Dag<string> _graph;
    private readonly CriterionMatcher _matcher;

    /// <param name="project">What <c>package:this</c> means.</param>
    /// <param name="earlier">What earlier runs left, as far as a selection asks for it.</param>
    public NodeSelector(IEnumerable<SelectableNode> nodes, string project, EarlierRuns? earlier = null)
    {
        _nodes = nodes.ToImmutableSortedDictionary(node => node.Id, node => node, StringComparer.Ordinal);
        _graph =
            Dag<string>.Create([.. _nodes.Keys], id => _nodes[id].DependsOn).Graph
            ?? throw new ArgumentException("the nodes form a cycle", nameof(nodes));
        _matcher = new CriterionMatcher(_nodes.Values, project, earlier ?? EarlierRuns.None);
    }

    private NodeSelector(ProjectManifest manifest, EarlierRuns earlier)
    {
        _nodes = manifest.Nodes.Values.ToImmutableSortedDictionary(
            node => node.UniqueId,
            node => SelectableNode.From(node, manifest.ProjectName),
            StringComparer.Ordinal
        );
        _graph = manifest.Graph;
        _matcher = new CriterionMatcher(_nodes.Values, manifest.ProjectName, earlier);
    }

    /// <summary>The unique ids of the selected nodes.</summary>
    /// <param name="diagnostics">Told of criteria that no node meets.</param>
    public static ImmutableHashSet<string> Select(
        ProjectManifest manifest,
        SelectionCriteria criteria,
        EarlierRuns earlier,
        DiagnosticBag? diagnostics = null
    )
    {
        if (criteria.Expression is SelectionEverything)
            return [.. manifest.Nodes.Keys];
        return new NodeSelector(manifest, earlier).Select(criteria, diagnostics);
    }

    /// <summary>The ids of the selected nodes.</summary>
    /// <param name="diagnostics">Told of criteria that no node meets, and of those that cannot be answered.</param>
    public ImmutableHashSet<string> Select(SelectionCriteria criteria, DiagnosticBag? diagnostics = null) =>
        Select(
            criteria.Expression,
            new Reading(criteria.IndirectSelection, criteria.Selectors, diagnostics)
        ).Direct;

    private Selected Select(SelectionExpression expression, Reading reading)
    {
        var mode = expression.Indirect ?? reading.Mode;
        switch (expression)
        {
            case SelectionEverything:
                return new Selected([.. _nodes.Keys], []);
            case SelectionCriterion criterion:
                return SelectCriterion(criterion, reading, mode);
            case SelectionUnion union:
                var united = union.Parts.Select(part => Select(part, reading));
                return Settle(
                    united.Aggregate(
                        Selected.None,
                        (a, b) => new Selected(a.Direct.Union(b.Direct), a.Pending.Union(b.Pending))
                    ),
                    mode
                );
            case SelectionIntersection intersection:
                var parts = intersection.Parts.Select(part => Select(part, reading));
                return Settle(
                    parts.Aggregate(
                        (a, b) => new Selected(a.Direct.Intersect(b.Direct), a.All.Intersect(b.All))
                    ),
                    mode
                );
            case SelectionDifference difference:
                var from = Select(difference.From, reading);
                var without = Select(difference.Without, reading);
                return Settle(
                    new Selected(from.Direct.Except(without.Direct), from.All.Except(without.All)),
                    mode
                );
            default:
                throw new ArgumentOutOfRangeException(nameof(expression));
        }
    }

    private Selected SelectCriterion(SelectionCriterion criterion, Reading reading, IndirectSelection mode)
    {
        var isSelector = criterion.Method == SelectionMethod.Selector;
        var matched = isSelector
            ? SelectNamed(criterion.Value, reading)
            : _matcher.Match(criterion, reading.Diagnostics);
        var selected = matched.ToBuilder();
        if (criterion.ChildrensParents)
        {
            var descendants = Reach(matched, int.MaxValue, _graph.ChildrenOf).Union(matched);
            selected.UnionWith(descendants);
            selected.UnionWith(Reach(descendants, int.MaxValue, _graph.ParentsOf));
        }
        if (criterion.ParentsDepth is { } above)
            selected.UnionWith(Reach(matched, above, _graph.ParentsOf));
        if (criterion.ChildrenDepth is { } below)
            selected.UnionWith(Reach(matched, below, _graph.ChildrenOf));
        // a selector has said itself which tests it means
        return isSelector
            ? WithTests(selected.ToImmutable(), mode, beside: selected.ToImmutable().Except(matched))
            : WithTests(selected.ToImmutable(), mode);
    }

    private ImmutableHashSet<string> SelectNamed(string pattern, Reading reading) =>
        reading
            .Selectors.Matching(pattern)
            .Select(selector => selector.Expression)
            .OfType<SelectionExpression>()
            .Aggregate(
                ImmutableHashSet<string>.Empty,
                (all, expression) => all.Union(Select(expression, reading).Direct)
            );

    /// <param name="beside">Whose tests may join; null for those of all.</param>
    private Selected WithTests(
        ImmutableHashSet<string> selected,
        IndirectSelection mode,
        ImmutableHashSet<string>? beside = null
    )
    {
        if (mode == IndirectSelection.Empty)
            return new Selected(selected, []);
        var tests = (beside ?? selected)
            .SelectMany(id => _graph.ChildrenOf(id))
            .Where(id => _nodes[id].IsTest && !selected.Contains(id))
            .ToImmutableHashSet();
        if (mode == IndirectSelection.Eager)
            return new Selected(selected.Union(tests), []);
        var reachable = ReachableParents(selected, mode);
        var joining = tests.Where(id => HasAllParents(id, reachable)).ToImmutableHashSet();
        return new Selected(selected.Union(joining), tests.Except(joining));
    }

    // a test that a part left pending may have all its parents in the parts together
    private Selected Settle(Selected selected, IndirectSelection mode)
    {
        if (selected.Pending.IsEmpty || mode is IndirectSelection.Eager or IndirectSelection.Empty)
            return selected;
        var reachable = ReachableParents(selected.Direct, mode);
        var joining = selected.Pending.Where(id => HasAllParents(id, reachable)).ToImmutableHashSet();
        return new Selected(selected.Direct.Union(joining), selected.Pending.Except(joining));
    }

    private ImmutableHashSet<string> ReachableParents(
        ImmutableHashSet<string> selected,
        IndirectSelection mode
    ) =>
        mode == IndirectSelection.Buildable
            ? selected
                .Union(Reach(selected, int.MaxValue, _graph.ParentsOf))
                .Union(_nodes.Values.Where(node => node.ResourceType == "source").Select(node => node.Id))
            : selected;

    private bool HasAllParents(string id, ImmutableHashSet<string> selected) =>
        _nodes[id].DependsOn.All(selected.Contains);

    private static ImmutableHashSet<string> Reach(
        ImmutableHashSet<string> start,
        int depth,
        Func<string, ImmutableArray<string>> edges
    )
    {
        var found = ImmutableHashSet.CreateBuilder<string>();
        var frontier = start.ToList();
        for (var step = 0; step < depth && frontier.Count > 0; step++)
            frontier = [.. frontier.SelectMany(id => edges(id)).Where(found.Add)];
        return found.ToImmutable();
    }

    /// <summary>How an expression is to be read.</summary>
    /// <param name="Mode">Which tests join, where the expression does not say so itself.</param>
    private sealed record Reading(
        IndirectSelection Mode,
        NamedSelectors Selectors,
        DiagnosticBag? Diagnostics
    );

    /// <param name="Pending">Tests next to what is selected that have another parent that is not.</param>
    private readonly record struct Selected(ImmutableHashSet<string> Direct, ImmutableHashSet<string> Pending)
    {
        public static readonly Selected None = new([], []);

        public ImmutableHashSet<string> All => Direct.Union(Pending);
    }
}
