namespace Strata.Runner.Adapters;

/// <summary>The values of one column in one batch; see <see cref="IBatchReader.Recycle"/> for how long they last.</summary>
public abstract class ColumnVector
{
    /// <summary>One flag a row; only the first <see cref="ColumnBatch.Count"/> count.</summary>
    public required bool[] Nulls { get; init; }
}

public sealed class ColumnVector<T> : ColumnVector
{
    public required T[] Values { get; init; }
}
