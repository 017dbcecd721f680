using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>A small query result in memory.</summary>
/// <param name="Rows">One array a row, in column order; null for SQL null, else the plain CLR value.</param>
/// <param name="IsTruncated">Whether there were more rows.</param>
public sealed record RowSet(
    ImmutableArray<ColumnSchema> Columns,
    ImmutableArray<object?[]> Rows,
    bool IsTruncated
)
{
    /// <summary>The only value of a result of one row and one column.</summary>
    public object? Scalar => Rows is [{ Length: > 0 } row, ..] ? row[0] : null;
}
