using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Strata.Compiler.Graph;

/// <summary>
/// A directed graph without cycles over keys. Immutable; an edge leads from parent (read) to child (reader).
/// </summary>
public sealed class Dag<T>
    where T : notnull
{
    /// <summary>Where a key stands in the order of the input. A plain dictionary, because it is several times faster; nothing writes to it.</summary>
    private readonly Dictionary<T, int> _places;
    private readonly ImmutableArray<T>[] _parents;
    private readonly ImmutableArray<T>[] _children;

    private Dag(
        ImmutableArray<T> sorted,
        Dictionary<T, int> places,
        ImmutableArray<T>[] parents,
        ImmutableArray<T>[] children
    )
    {
        Sorted = sorted;
        _places = places;
        _parents = parents;
        _children = children;
    }

    public static Dag<T> Empty { get; } = new([], [], [], []);

    /// <summary>Every key once, parents before children; ties in the order of the input.</summary>
    public ImmutableArray<T> Sorted { get; }

    public bool Contains(T key) => _places.ContainsKey(key);

    public ImmutableArray<T> ParentsOf(T key) => _places.TryGetValue(key, out var at) ? _parents[at] : [];

    public ImmutableArray<T> ChildrenOf(T key) => _places.TryGetValue(key, out var at) ? _children[at] : [];

    /// <summary>
    /// Builds the graph, or finds a cycle: its keys in order, starting with the one that comes first in the
    /// input, each read by the next and the last read by the first.
    /// </summary>
    /// <param name="parentsOf">The keys that a key reads; keys that are not in <paramref name="keys"/> are ignored.</param>
    public static Result Create(IReadOnlyList<T> keys, Func<T, IEnumerable<T>> parentsOf)
    {
        var places = new Dictionary<T, int>(keys.Count);
        foreach (var key in keys)
            places.Add(key, places.Count);
        var parents = ParentsOf(keys, places, parentsOf);
        var children = ChildrenOf(parents);

        // Kahn's algorithm with a queue by input order, so that the result is stable
        var missing = Array.ConvertAll(parents, read => read.Length);
        var ready = new PriorityQueue<int, int>();
        for (var at = 0; at < missing.Length; at++)
        {
            if (missing[at] == 0)
                ready.Enqueue(at, at);
        }
        var sorted = ImmutableArray.CreateBuilder<T>(keys.Count);
        while (ready.TryDequeue(out var at, out _))
        {
            sorted.Add(keys[at]);
            foreach (var child in children[at])
            {
                if (--missing[child] == 0)
                    ready.Enqueue(child, child);
            }
        }
        return sorted.Count < keys.Count
            ? new Result(null, FindCycle(keys, parents, missing))
            : new Result(
                new Dag<T>(sorted.ToImmutable(), places, KeysOf(keys, parents), KeysOf(keys, children)),
                []
            );
    }

    private static int[][] ParentsOf(
        IReadOnlyList<T> keys,
        Dictionary<T, int> places,
        Func<T, IEnumerable<T>> parentsOf
    )
    {
        var parents = new int[keys.Count][];
        var read = new List<int>();
        // by which key a parent was read last, so that it counts once
        var readBy = new int[keys.Count];
        Array.Fill(readBy, -1);
        for (var at = 0; at < parents.Length; at++)
        {
            read.Clear();
            foreach (var parent in parentsOf(keys[at]))
            {
                if (!places.TryGetValue(parent, out var found) || readBy[found] == at)
                    continue;
                readBy[found] = at;
                read.Add(found);
            }
            parents[at] = [.. read];
        }
        return parents;
    }

    private static int[][] ChildrenOf(int[][] parents)
    {
        var counts = new int[parents.Length];
        foreach (var parent in parents.SelectMany(read => read))
            counts[parent]++;
        var children = Array.ConvertAll(counts, count => count == 0 ? [] : new int[count]);
        // filled from the end, in the order of the input
        for (var at = parents.Length - 1; at >= 0; at--)
        {
            foreach (var parent in parents[at])
                children[parent][--counts[parent]] = at;
        }
        return children;
    }

    private static ImmutableArray<T>[] KeysOf(IReadOnlyList<T> keys, int[][] places) =>
        Array.ConvertAll(
            places,
            some => ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(some, at => keys[at]))
        );

    // every remaining key has a remaining parent, so walking against the edges must come back to where it was
    private static ImmutableArray<T> FindCycle(IReadOnlyList<T> keys, int[][] parents, int[] missing)
    {
        var path = new List<int>();
        var seen = new Dictionary<int, int>();
        var current = Array.FindIndex(missing, count => count > 0);
        while (seen.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = Array.Find(parents[current], parent => missing[parent] > 0);
        }
        var cycle = path[seen[current]..];
        cycle.Reverse();
        var start = cycle.IndexOf(cycle.Min());
        return [.. cycle[start..].Concat(cycle[..start]).Select(at => keys[at])];
    }

    /// <summary>Either the graph or one cycle.</summary>
    public sealed record Result(Dag<T>? Graph, ImmutableArray<T> Cycle);
}
