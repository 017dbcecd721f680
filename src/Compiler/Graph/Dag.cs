using System.Collections.Immutable;

namespace Strata.Compiler.Graph;

/// <summary>
/// A directed graph without cycles over keys. Immutable; an edge leads from parent (read) to child (reader).
/// </summary>
public sealed class Dag<T>
    where T : notnull
{
    private readonly ImmutableDictionary<T, ImmutableArray<T>> _parents;
    private readonly ImmutableDictionary<T, ImmutableArray<T>> _children;

    private Dag(
        ImmutableArray<T> sorted,
        ImmutableDictionary<T, ImmutableArray<T>> parents,
        ImmutableDictionary<T, ImmutableArray<T>> children
    )
    {
        Sorted = sorted;
        _parents = parents;
        _children = children;
    }

    /// <summary>Every key once, parents before children; ties in the order of the input.</summary>
    public ImmutableArray<T> Sorted { get; }

    public bool Contains(T key) => _parents.ContainsKey(key);

    public ImmutableArray<T> ParentsOf(T key) => _parents.GetValueOrDefault(key, []);

    public ImmutableArray<T> ChildrenOf(T key) => _children.GetValueOrDefault(key, []);

    /// <summary>All keys that can be reached against the edges within <paramref name="depth"/> steps; without the start.</summary>
    public ImmutableHashSet<T> Ancestors(T key, int depth = int.MaxValue) => Reach([key], _parents, depth);

    /// <summary>All keys that can be reached along the edges within <paramref name="depth"/> steps; without the start.</summary>
    public ImmutableHashSet<T> Descendants(T key, int depth = int.MaxValue) => Reach([key], _children, depth);

    /// <summary>
    /// Builds the graph, or finds a cycle: its keys in order, starting with the one that comes first in the
    /// input, each read by the next and the last read by the first.
    /// </summary>
    /// <param name="parentsOf">The keys that a key reads; keys that are not in <paramref name="keys"/> are ignored.</param>
    public static Result Create(IReadOnlyList<T> keys, Func<T, IEnumerable<T>> parentsOf)
    {
        var known = keys.ToHashSet();
        var parents = keys.ToImmutableDictionary(
            key => key,
            key => parentsOf(key).Where(known.Contains).Distinct().ToImmutableArray()
        );
        var children = keys.ToDictionary(key => key, _ => ImmutableArray.CreateBuilder<T>());
        foreach (var key in keys)
        {
            foreach (var parent in parents[key])
                children[parent].Add(key);
        }

        // Kahn's algorithm with a queue by input order, so that the result is stable
        var order = keys.Select((key, index) => (key, index)).ToDictionary(x => x.key, x => x.index);
        var missing = keys.ToDictionary(key => key, key => parents[key].Length);
        var ready = new PriorityQueue<T, int>();
        foreach (var key in keys)
        {
            if (missing[key] == 0)
                ready.Enqueue(key, order[key]);
        }
        var sorted = ImmutableArray.CreateBuilder<T>(keys.Count);
        while (ready.TryDequeue(out var key, out _))
        {
            sorted.Add(key);
            foreach (var child in children[key])
            {
                if (--missing[child] == 0)
                    ready.Enqueue(child, order[child]);
            }
        }
        if (sorted.Count < keys.Count)
            return new Result(null, FindCycle(keys, parents, missing, order));
        return new Result(
            new Dag<T>(
                sorted.ToImmutable(),
                parents,
                children.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutable())
            ),
            []
        );
    }

    private static ImmutableHashSet<T> Reach(
        IEnumerable<T> start,
        ImmutableDictionary<T, ImmutableArray<T>> edges,
        int depth
    )
    {
        var found = ImmutableHashSet.CreateBuilder<T>();
        var frontier = start.ToList();
        for (var step = 0; step < depth && frontier.Count > 0; step++)
        {
            frontier = frontier
                .SelectMany(key => edges.GetValueOrDefault(key, []))
                .Where(key => found.Add(key))
                .ToList();
        }
        return found.ToImmutable();
    }

    // every remaining key has a remaining parent, so walking against the edges must come back to where it was
    private static ImmutableArray<T> FindCycle(
        IReadOnlyList<T> keys,
        ImmutableDictionary<T, ImmutableArray<T>> parents,
        Dictionary<T, int> missing,
        Dictionary<T, int> order
    )
    {
        var path = new List<T>();
        var seen = new Dictionary<T, int>();
        var current = keys.First(key => missing[key] > 0);
        while (seen.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = parents[current].First(parent => missing[parent] > 0);
        }
        var cycle = path[seen[current]..];
        cycle.Reverse();
        var start = cycle.IndexOf(cycle.MinBy(key => order[key]) ?? cycle[0]);
        return [.. cycle[start..], .. cycle[..start]];
    }

    /// <summary>Either the graph or one cycle.</summary>
    public sealed record Result(Dag<T>? Graph, ImmutableArray<T> Cycle);
}
