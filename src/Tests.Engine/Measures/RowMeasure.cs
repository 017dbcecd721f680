namespace Strata.Tests.Engine.Measures;

/// <summary>Each row passes or fails by itself.</summary>
/// <param name="Fails">A boolean expression over the relation; true for a failing row, false or null otherwise.</param>
public sealed record RowMeasure(string Fails) : Measure
{
    /// <summary>
    /// Whether an engine with column statistics can skip row groups by the expression (null tests and ranges),
    /// so that a scan of its own is cheaper than a place in a shared one.
    /// </summary>
    public bool IsPrunable { get; init; }

    /// <summary>
    /// Where not rows are counted but the different values among failing ones, as dbt does it for lists of values:
    /// the expression of the value. Null: rows are counted.
    /// </summary>
    public string? CountedBy { get; init; }

    /// <summary>A cheaper aggregate for the number of failing rows in a shared scan, where there is one.</summary>
    public string? Count { get; init; }
}
