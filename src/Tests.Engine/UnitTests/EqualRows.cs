namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Pairs rows with their equals, so that as few as possible are left. Each takes the first that is free; where equality
/// is exact nothing better can be had. Where numbers may be a little apart, a row may have taken the only one
/// that another could have had, and finds itself a new one (augmenting paths).
/// </summary>
internal sealed class EqualRows
{
    // beyond that many comparisons, those that are left are left
    private const int MostComparisons = 20_000_000;

    private readonly IReadOnlyList<object?[]> _expected;
    private readonly IReadOnlyList<object?[]> _actual;
    private readonly CellComparer _comparer;

    // by actual row, the expected one that has it, or -1
    private readonly int[] _taker;
    private readonly HashSet<int> _missing = [];
    private long _comparisons;

    private EqualRows(
        IReadOnlyList<object?[]> expected,
        IReadOnlyList<object?[]> actual,
        CellComparer comparer
    )
    {
        (_expected, _actual, _comparer) = (expected, actual, comparer);
        _taker = new int[actual.Count];
        Array.Fill(_taker, -1);
    }

    /// <summary>The rows of both that have no equal, in their order.</summary>
    public static (List<object?[]> Expected, List<object?[]> Actual) Without(
        IReadOnlyList<object?[]> expected,
        IReadOnlyList<object?[]> actual,
        CellComparer comparer
    )
    {
        var rows = new EqualRows(expected, actual, comparer);
        rows.TakeFirst();
        if (rows._missing.Count > 0 && rows._taker.Contains(-1) && rows.MayBeNear())
            rows.TakeFromOthers();
        return (
            [.. Enumerable.Range(0, expected.Count).Where(rows._missing.Contains).Select(i => expected[i])],
            [.. Enumerable.Range(0, actual.Count).Where(i => rows._taker[i] < 0).Select(i => actual[i])]
        );
    }

    private void TakeFirst()
    {
        if (_expected.Count == 0)
            return;
        var buckets = new RowBuckets(_actual, _expected, Enumerable.Range(0, _expected[0].Length), _comparer);
        for (var e = 0; e < _expected.Count; e++)
        {
            var free = buckets.For(_expected[e]);
            var found = free.FindIndex(a => AreEqual(e, a));
            if (found < 0)
            {
                _missing.Add(e);
                continue;
            }
            _taker[free[found]] = e;
            free.RemoveAt(found);
        }
    }

    private void TakeFromOthers()
    {
        _comparisons = 0;
        var rowOf = new int[_expected.Count];
        for (var a = 0; a < _actual.Count; a++)
        {
            if (_taker[a] >= 0)
                rowOf[_taker[a]] = a;
        }
        // what a search has seen in vain is of no use to a later one either
        var open = Enumerable.Range(0, _actual.Count).ToList();
        foreach (var e in _missing.Order().ToList())
        {
            if (_comparisons >= MostComparisons)
                return;
            var unseen = new List<int>(open);
            if (FindPath(e, unseen) is not { } path)
            {
                open = unseen;
                continue;
            }
            foreach (var (taker, row) in path)
                (_taker[row], rowOf[taker]) = (taker, row);
            _missing.Remove(e);
        }

        // breadth first: from a row to all that equal it, from those that are taken to their takers, to one that is free
        List<(int Expected, int Actual)>? FindPath(int start, List<int> unseen)
        {
            var finder = new Dictionary<int, int>();
            var queue = new Queue<int>([start]);
            while (queue.TryDequeue(out var e) && _comparisons < MostComparisons)
            {
                var found = unseen.Where(a => AreEqual(e, a)).ToList();
                unseen.RemoveAll(found.ToHashSet().Contains);
                foreach (var a in found)
                {
                    finder[a] = e;
                    if (_taker[a] < 0)
                        return PathTo(a);
                    queue.Enqueue(_taker[a]);
                }
            }
            return null;

            List<(int, int)> PathTo(int end)
            {
                var path = new List<(int, int)>();
                for (var a = end; ; a = rowOf[finder[a]])
                {
                    path.Add((finder[a], a));
                    if (finder[a] == start)
                        return path;
                }
            }
        }
    }

    private bool AreEqual(int e, int a)
    {
        _comparisons++;
        return _comparer.AreEqualRows(_expected[e], _actual[a]);
    }

    /// <summary>Whether two rows that equal a third may differ from each other.</summary>
    private bool MayBeNear() =>
        _comparer.HasTolerance
        || _expected.Concat(_actual).Any(row => row.Any(cell => cell is double or float));
}
