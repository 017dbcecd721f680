using System.Collections.Immutable;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Rows by a hash of those of their cells that equal others only if they are the same, so that who looks for an equal
/// row need not look at all of them.
/// </summary>
internal sealed class RowBuckets
{
    private readonly ImmutableArray<int> _exact;
    private readonly Dictionary<int, List<int>> _buckets = [];

    /// <param name="rows">The rows to find; they are given by their positions.</param>
    /// <param name="others">The rows that will be looked for.</param>
    /// <param name="columns">Positions of the columns that have to be equal.</param>
    public RowBuckets(
        IReadOnlyList<object?[]> rows,
        IReadOnlyList<object?[]> others,
        IEnumerable<int> columns,
        CellComparer comparer
    )
    {
        _exact = [.. columns.Where(column => IsExact(column, rows.Concat(others), comparer))];
        for (var i = 0; i < rows.Count; i++)
        {
            var hash = HashOf(rows[i]);
            if (!_buckets.TryGetValue(hash, out var bucket))
                _buckets[hash] = bucket = [];
            bucket.Add(i);
        }
    }

    /// <summary>Positions of the rows that may equal one, in their order; those that are removed from it do not come again.</summary>
    public List<int> For(object?[] row) => _buckets.GetValueOrDefault(HashOf(row)) ?? [];

    // values of one type that are equal only if they are the same
    private static bool IsExact(int column, IEnumerable<object?[]> rows, CellComparer comparer)
    {
        Type? type = null;
        foreach (var row in rows)
        {
            if (row[column] is not { } cell)
                continue;
            if (type is not null && type != cell.GetType())
                return false;
            if (type is null && !comparer.IsExact(column, cell))
                return false;
            type = cell.GetType();
        }
        return true;
    }

    private int HashOf(object?[] row)
    {
        var hash = new HashCode();
        foreach (var column in _exact)
            hash.Add(row[column]);
        return hash.ToHashCode();
    }
}
