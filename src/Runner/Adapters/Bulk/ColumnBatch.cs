using System.Collections.Immutable;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>A slice of rows, column by column.</summary>
public sealed class ColumnBatch(ImmutableArray<ColumnVector> columns)
{
    /// <summary>Rows that a batch has room for, and the size that readers aim at.</summary>
    public const int Capacity = 2048;

    public ImmutableArray<ColumnVector> Columns { get; } = columns;

    /// <summary>How many rows of the load come before this batch's, for messages.</summary>
    public long FirstRow { get; set; }

    /// <summary>Number of rows.</summary>
    public int Count { get; set; }

    /// <summary>An empty batch with room for <see cref="Capacity"/> rows.</summary>
    public static ColumnBatch Create(ImmutableArray<TransferColumn> columns) =>
        new([.. columns.Select(column => ColumnVector.Create(column.Type, Capacity))]);
}
