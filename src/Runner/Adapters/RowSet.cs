using System.Collections.Immutable;

namespace Strata.Runner.Adapters;

/// <summary>A small query result in memory.</summary>
/// <param name="Rows">
/// One array a row, in column order; null for SQL null, else a plain CLR value, the same on every engine:
/// bool, long (every integer that fits), decimal (numbers that fit), float, double, string, byte[], Guid,
/// DateOnly, TimeOnly, DateTime (without a zone) and DateTimeOffset (UTC). Everything else, and what does not
/// fit these types (infinities, 38 digits, structs, lists), is the engine's own text.
/// </param>
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
