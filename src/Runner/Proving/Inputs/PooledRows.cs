using System.Collections.Immutable;
using Strata.Runner.Adapters;

namespace Strata.Runner.Proving.Inputs;

/// <summary>The rows of an input that wait to be delivered, and what is known of each; all arrays are by number of the row.</summary>
/// <param name="Key">The columns that identify a row, or say which rows are replaced together; empty where none do.</param>
/// <param name="Kept">The columns that a row keeps when it gets the content of another: its key, and what the model knows it by.</param>
/// <param name="Groups">Which rows have the same key.</param>
/// <param name="Others">A row of another key whose content a row may get later, and is not older; null for none.</param>
/// <param name="EventTimes">Empty where the input declares no event time.</param>
internal sealed record PooledRows(
    ImmutableArray<ColumnSchema> Columns,
    int Count,
    ImmutableArray<string> Key,
    ImmutableHashSet<string> Kept,
    ImmutableArray<int> Groups,
    ImmutableArray<int?> Others,
    ImmutableArray<DateTimeOffset?> EventTimes
)
{
    private readonly Lazy<ILookup<int, int>> _byGroup = new(() =>
        Enumerable.Range(0, Groups.Length).ToLookup(row => Groups[row])
    );

    public bool IsKeyUnique => !Key.IsEmpty && Groups.Distinct().Count() == Count;

    public IEnumerable<int> WithKeyOf(int row) => _byGroup.Value[Groups[row]];
}
