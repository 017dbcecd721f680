using System.Collections.Immutable;
using Strata.Runner.State;

namespace Strata.Runner.Rollback;

/// <summary>
/// Who reads whom and how far nodes are from the sources, by what the state says they have read, now and then: the project may
/// have changed since, or forgotten them.
/// </summary>
internal sealed class NodeReads(
    ImmutableDictionary<string, NodeState> now,
    ImmutableArray<NodeRollback> nodes
)
{
    private readonly Dictionary<string, int> _known = [];
    private readonly Dictionary<string, NodeState?> _then = nodes.ToDictionary(
        node => node.Node,
        node => node.After
    );

    /// <summary>More than that of all that a node reads, or has read then.</summary>
    public int DepthOf(string node)
    {
        if (_known.TryGetValue(node, out var known))
            return known;
        // what reads itself, or was turned round since, does not go round for ever
        _known[node] = 0;
        var inputs = new[] { now.GetValueOrDefault(node), _then.GetValueOrDefault(node) }
            .OfType<NodeState>()
            .SelectMany(state => state.Inputs.Keys);
        return _known[node] = 1 + inputs.Select(DepthOf).DefaultIfEmpty(0).Max();
    }

    /// <summary>Whether a node has read another one itself the last time.</summary>
    public bool Reads(string node, string other) =>
        now.GetValueOrDefault(node)?.Inputs.ContainsKey(other) == true;
}
