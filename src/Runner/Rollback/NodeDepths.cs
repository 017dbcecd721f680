using System.Collections.Immutable;
using Strata.Runner.State;

namespace Strata.Runner.Rollback;

/// <summary>
/// How far nodes are from the sources, by what the state says they have read, now and then: the project may have
/// changed since, or forgotten them.
/// </summary>
internal sealed class NodeDepths(
    ImmutableDictionary<string, NodeState> now,
    ImmutableArray<NodeRollback> nodes
)
{
    private readonly Dictionary<string, int> _known = [];
    private readonly Dictionary<string, NodeState?> _then = nodes.ToDictionary(
        node => node.Node,
        node => node.After
    );

    public int Of(string node)
    {
        if (_known.TryGetValue(node, out var known))
            return known;
        // what reads itself, or was turned round since, does not go round for ever
        _known[node] = 0;
        var inputs = new[] { now.GetValueOrDefault(node), _then.GetValueOrDefault(node) }
            .OfType<NodeState>()
            .SelectMany(state => state.Inputs.Keys);
        return _known[node] = 1 + inputs.Select(Of).DefaultIfEmpty(0).Max();
    }
}
