using System.Collections.Immutable;
using Strata.Compiler.Graph;

namespace Strata.Runner.Planning;

/// <summary>
/// Which nodes publish in one transaction. Nodes of a layer that says <c>publish: run</c> share a group, together
/// with the replicas that only they need. Two rules keep that possible: a transaction covers one connection, so
/// nodes before and after a crossing are never in one group; and where a group would have to wait for itself
/// (a node outside reads one of its nodes and is read by another), that node joins it.
/// </summary>
internal static class PublishGroups
{
    /// <param name="IsRun">The node wants to publish with its layer.</param>
    /// <param name="Parents">Ids of nodes in the same list, earlier in it.</param>
    public sealed record Item(
        string Id,
        string Connection,
        string Layer,
        bool IsRun,
        bool IsTransfer,
        ImmutableArray<string> Parents
    );

    /// <param name="items">Parents before children.</param>
    /// <returns>The group's name by node id; nodes that publish by themselves are not in it.</returns>
    public static ImmutableDictionary<string, string> Assign(IReadOnlyList<Item> items)
    {
        var layers = JoinTransfers(items);
        var levels = Levels(items, layers);
        var groups = layers.ToDictionary(
            pair => pair.Key,
            pair => levels[pair.Key] == 0 ? pair.Value : $"{pair.Value} ({levels[pair.Key] + 1})"
        );
        while (FindCycle(items, groups) is { IsEmpty: false } cycle)
        {
            var merged = cycle.Where(key => groups.ContainsValue(key)).Order(StringComparer.Ordinal).First();
            foreach (var item in items)
            {
                if (cycle.Contains(groups.GetValueOrDefault(item.Id, item.Id)))
                    groups[item.Id] = merged;
            }
        }
        return groups.ToImmutableDictionary();
    }

    /// <summary>A replica changes together with the first group that reads it.</summary>
    private static Dictionary<string, string> JoinTransfers(IReadOnlyList<Item> items)
    {
        var connections = items
            .Where(item => item.IsRun)
            .ToLookup(item => item.Layer, item => item.Connection);
        var layers = items
            .Where(item => item.IsRun)
            .ToDictionary(
                item => item.Id,
                item =>
                    connections[item.Layer].Distinct().Count() == 1
                        ? item.Layer
                        : $"{item.Layer} on {item.Connection}"
            );
        var transfers = items.Where(item => item.IsTransfer).Select(item => item.Id).ToHashSet();
        foreach (var item in items.Where(item => item.IsRun))
        {
            foreach (var parent in item.Parents.Where(transfers.Contains))
                layers.TryAdd(parent, layers[item.Id]);
        }
        return layers;
    }

    /// <summary>How many crossings out of groups lie before a node.</summary>
    private static Dictionary<string, int> Levels(
        IReadOnlyList<Item> items,
        Dictionary<string, string> layers
    )
    {
        var levels = new Dictionary<string, int>();
        var afterGroup = new HashSet<string>();
        var connections = items.ToDictionary(item => item.Id, item => item.Connection);
        foreach (var item in items)
        {
            var level = 0;
            foreach (var parent in item.Parents)
            {
                var crosses = connections[parent] != item.Connection && afterGroup.Contains(parent);
                level = Math.Max(level, levels[parent] + (crosses ? 1 : 0));
            }
            levels[item.Id] = level;
            if (
                layers.ContainsKey(item.Id)
                || item.Parents.Any(parent => afterGroup.Contains(parent) && levels[parent] == level)
            )
                afterGroup.Add(item.Id);
        }
        return levels;
    }

    private static ImmutableArray<string> FindCycle(
        IReadOnlyList<Item> items,
        Dictionary<string, string> groups
    )
    {
        string Key(string id) => groups.GetValueOrDefault(id, id);
        var edges = items
            .SelectMany(item => item.Parents.Select(parent => (Parent: Key(parent), Child: Key(item.Id))))
            .Where(edge => edge.Parent != edge.Child)
            .ToLookup(edge => edge.Child, edge => edge.Parent);
        return Dag<string>
            .Create([.. items.Select(item => Key(item.Id)).Distinct()], key => edges[key])
            .Cycle;
    }
}
