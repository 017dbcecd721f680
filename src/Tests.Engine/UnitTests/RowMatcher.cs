using System.Collections.Immutable;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Finds what differs between two sets of rows, whose order does not matter. Equal rows are paired first; of the rest
/// those with the same key belong together or, without a key, those that differ least.
/// </summary>
public static class RowMatcher
{
    // beyond that many pairs nobody looks at single cells any more
    private const int MostPairs = 250_000;

    /// <param name="key">Positions of the columns that tell rows apart; empty when that is not known.</param>
    /// <returns>Changed rows in the order of the expected ones, then missing ones, then unexpected ones.</returns>
    public static ImmutableArray<RowDifference> Compare(
        IReadOnlyList<object?[]> expected,
        IReadOnlyList<object?[]> actual,
        ImmutableArray<int> key,
        CellComparer comparer
    )
    {
        var (missing, left) = EqualRows.Without(expected, actual, comparer);
        var pairs = key.IsEmpty
            ? PairByLikeness(missing, left, comparer)
            : PairByKey(missing, left, key, comparer);
        var paired = pairs.ToDictionary(pair => pair.Expected, pair => pair.Actual);
        var taken = paired.Values.ToHashSet();
        return
        [
            .. Enumerable
                .Range(0, missing.Count)
                .Where(paired.ContainsKey)
                .Select(i => new RowDifference(missing[i], left[paired[i]])),
            .. Enumerable
                .Range(0, missing.Count)
                .Where(i => !paired.ContainsKey(i))
                .Select(i => new RowDifference(missing[i], null)),
            .. Enumerable
                .Range(0, left.Count)
                .Where(i => !taken.Contains(i))
                .Select(i => new RowDifference(null, left[i])),
        ];
    }

    private static List<(int Expected, int Actual)> PairByKey(
        List<object?[]> missing,
        List<object?[]> left,
        ImmutableArray<int> key,
        CellComparer comparer
    )
    {
        var pairs = new List<(int, int)>();
        var buckets = new RowBuckets(left, missing, key, comparer);
        for (var i = 0; i < missing.Count; i++)
        {
            var row = missing[i];
            var free = buckets.For(row);
            var found = free.FindIndex(j =>
                key.All(column => comparer.AreEqual(column, row[column], left[j][column]))
            );
            if (found < 0)
                continue;
            pairs.Add((i, free[found]));
            free.RemoveAt(found);
        }
        return pairs;
    }

    // the likest pair first; two rows that agree in nothing do not belong together
    private static List<(int Expected, int Actual)> PairByLikeness(
        List<object?[]> missing,
        List<object?[]> left,
        CellComparer comparer
    )
    {
        if ((long)missing.Count * left.Count > MostPairs)
            return [];
        var candidates =
            from e in Enumerable.Range(0, missing.Count)
            from a in Enumerable.Range(0, left.Count)
            let differences = comparer.Differences(missing[e], left[a])
            where differences < missing[e].Length
            orderby differences, e, a
            select (e, a);
        var (takenExpected, takenActual) = (new HashSet<int>(), new HashSet<int>());
        var pairs = new List<(int, int)>();
        foreach (var (e, a) in candidates)
        {
            if (takenExpected.Contains(e) || takenActual.Contains(a))
                continue;
            takenExpected.Add(e);
            takenActual.Add(a);
            pairs.Add((e, a));
        }
        return pairs;
    }
}
