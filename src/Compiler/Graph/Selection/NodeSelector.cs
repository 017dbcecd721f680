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
    public NodeSelector(IEnumerable<SelectableNode> nodes, string project)
    {
        _nodes = nodes.ToImmutableSortedDictionary(node => node.Id, node => node, StringComparer.Ordinal);
        _graph =
            Dag<string>.Create([.. _nodes.Keys], id => _nodes[id].DependsOn).Graph
            ?? throw new ArgumentException("the nodes form a cycle", nameof(nodes));
        _matcher = new CriterionMatcher(_nodes.Values, project);
    }

    private NodeSelector(ProjectManifest manifest)
    {
        _nodes = manifest.Nodes.Values.ToImmutableSortedDictionary(
            node => node.UniqueId,
            node => SelectableNode.From(node, manifest.ProjectName),
            StringComparer.Ordinal
        );
        _graph = manifest.Graph;
        _matcher = new CriterionMatcher(_nodes.Values, manifest.ProjectName);
    }

    /// <summary>The unique ids of the selected nodes.</summary>
    /// <param name="diagnostics">Told of criteria that no node meets.</param>
    public static ImmutableHashSet<string> Select(
        ProjectManifest manifest,
        SelectionCriteria criteria,
        DiagnosticBag? diagnostics = null
    )
    {
        if (criteria.Expression is SelectionEverything)
            return [.. manifest.Nodes.Keys];
        return new NodeSelector(manifest).Select(criteria, diagnostics);
    }

    /// <inheritdoc cref="Select(ProjectManifest, SelectionCriteria, DiagnosticBag?)"/>
    public ImmutableHashSet<string> Select(SelectionCriteria criteria, DiagnosticBag? diagnostics = null) =>
        Select(criteria.Expression, criteria.IndirectSelection, diagnostics).Direct;

    private Selected Select(
        SelectionExpression expression,
        IndirectSelection mode,
        DiagnosticBag? diagnostics
    )
    {
        switch (expression)
        {
            case SelectionEverything:
                return new Selected([.. _nodes.Keys], []);
            case SelectionCriterion criterion:
                return SelectCriterion(criterion, mode, diagnostics);
            case SelectionUnion union:
                var united = union.Parts.Select(part => Select(part, mode, diagnostics));
                return Settle(
                    united.Aggregate(
                        Selected.None,
                        (a, b) => new Selected(a.Direct.Union(b.Direct), a.Pending.Union(b.Pending))
                    ),
                    mode
                );
            case SelectionIntersection intersection:
                var parts = intersection.Parts.Select(part => Select(part, mode, diagnostics));
                return Settle(
                    parts.Aggregate(
                        (a, b) => new Selected(a.Direct.Intersect(b.Direct), a.All.Intersect(b.All))
                    ),
                    mode
                );
            case SelectionDifference difference:
                var from = Select(difference.From, mode, diagnostics);
                var without = Select(difference.Without, mode, diagnostics);
                return Settle(
                    new Selected(from.Direct.Except(without.Direct), from.All.Except(without.All)),
                    mode
                );
            default:
                throw new ArgumentOutOfRangeException(nameof(expression));
        }
    }

    private Selected SelectCriterion(
        SelectionCriterion criterion,
        IndirectSelection mode,
        DiagnosticBag? diagnostics
    )
    {
        var matched = _matcher.Match(criterion, diagnostics);
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
        return WithTests(selected.ToImmutable(), mode);
    }

    private Selected WithTests(ImmutableHashSet<string> selected, IndirectSelection mode)
    {
        if (mode == IndirectSelection.Empty)
            return new Selected(selected, []);
        var tests = selected
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
        if (selected.Pending.IsEmpty)
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

    /// <param name="Pending">Tests next to what is selected that have another parent that is not.</param>
    private readonly record struct Selected(ImmutableHashSet<string> Direct, ImmutableHashSet<string> Pending)
    {
        public static readonly Selected None = new([], []);

        public ImmutableHashSet<string> All => Direct.Union(Pending);
    }
}
