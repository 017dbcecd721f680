using System.Collections.Immutable;

namespace Strata.Compiler.Graph;

/// <summary>
/// A directed graph without cycles over keys. Immutable; an edge leads from parent (read) to child (reader).
/// </summary>
public sealed class Dag<T>
    where T : notnull
{
    // plain dictionaries, because they are several times faster; nothing writes to them
    private readonly Dictionary<T, ImmutableArray<T>> _parents;
    private readonly Dictionary<T, ImmutableArray<T>> _children;

    private Dag(
        ImmutableArray<T> sorted,
        Dictionary<T, ImmutableArray<T>> parents,
        Dictionary<T, ImmutableArray<T>> children
    )
    {
        Sorted = sorted;
        _parents = parents;
        _children = children;
    }

    public static Dag<T> Empty { get; } = new([], [], []);

    /// <summary>Every key once, parents before children; ties in the order of the input.</summary>
    public ImmutableArray<T> Sorted { get; }

    public bool Contains(T key) => _parents.ContainsKey(key);

    public ImmutableArray<T> ParentsOf(T key) => _parents.GetValueOrDefault(key, []);

    public ImmutableArray<T> ChildrenOf(T key) => _children.GetValueOrDefault(key, []);

    /// <summary>
    /// Builds the graph, or finds a cycle: its keys in order, starting with the one that comes first in the
    /// input, each read by the next and the last read by the first.
    /// </summary>
    /// <param name="parentsOf">The keys that a key reads; keys that are not in <paramref name="keys"/> are ignored.</param>
    public static Result Create(IReadOnlyList<T> keys, Func<T, IEnumerable<T>> parentsOf)
    {
        var order = new Dictionary<T, int>(keys.Count);
        foreach (var key in keys)
            order.Add(key, order.Count);
        var parents = new Dictionary<T, ImmutableArray<T>>(keys.Count);
        var children = new Dictionary<T, ImmutableArray<T>.Builder>(keys.Count);
        foreach (var key in keys)
        {
            var read = parentsOf(key).Where(order.ContainsKey).Distinct().ToImmutableArray();
            parents.Add(key, read);
            foreach (var parent in read)
            {
                if (!children.TryGetValue(parent, out var readers))
                    children.Add(parent, readers = ImmutableArray.CreateBuilder<T>());
                readers.Add(key);
            }
        }

        // Kahn's algorithm with a queue by input order, so that the result is stable
        var missing = parents.ToDictionary(pair => pair.Key, pair => pair.Value.Length);
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
            if (!children.TryGetValue(key, out var readers))
                continue;
            foreach (var child in readers)
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
                children.ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutable())
            ),
            []
        );
    }

    // every remaining key has a remaining parent, so walking against the edges must come back to where it was
    private static ImmutableArray<T> FindCycle(
        IReadOnlyList<T> keys,
        Dictionary<T, ImmutableArray<T>> parents,
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
