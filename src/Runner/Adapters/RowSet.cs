using System.Collections.Immutable;
using System.Globalization;

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

    /// <summary>The <see cref="Scalar"/> as <see cref="Long"/>.</summary>
    public long ScalarLong => Long(Scalar);

    /// <summary>A value of the first row as <see cref="Long"/>.</summary>
    public long LongAt(int column) => Long(Rows[0][column]);

    /// <summary>A value of a row as a whole number, whichever type of number it has; 0 for null.</summary>
    public static long Long(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
