using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>A slice of rows, column by column.</summary>
public sealed class ColumnBatch(ImmutableArray<ColumnVector> columns)
{
    public ImmutableArray<ColumnVector> Columns { get; } = columns;

    /// <summary>Number of rows.</summary>
    public int Count { get; set; }
}
