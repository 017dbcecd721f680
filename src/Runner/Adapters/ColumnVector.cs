namespace Strata.Runner.Adapters;

/// <summary>The values of one column in one batch. Reused between batches: read before the next one.</summary>
public abstract class ColumnVector
{
    /// <summary>One flag a row; only the first <see cref="ColumnBatch.Count"/> count.</summary>
    public required bool[] Nulls { get; init; }
}

public sealed class ColumnVector<T> : ColumnVector
{
    public required T[] Values { get; init; }
}
