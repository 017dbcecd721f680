namespace Strata.Tests.Engine.Measures;

/// <summary>Each row passes or fails by itself.</summary>
/// <param name="Fails">A boolean expression over the relation; true for a failing row, false or null otherwise.</param>
public sealed record RowMeasure(string Fails) : Measure
{
    public override string? FailingRow => Fails;

    /// <summary>
    /// Whether the values of text are looked into (patterns, lengths, sets). That is what a scan spends its time on, and
    /// no statistics save it; conditions on numbers and nulls are cheap, and whole blocks can be skipped by them.
    /// </summary>
    public bool ReadsText { get; init; }

    /// <summary>
    /// Where not rows are counted but the different values among failing ones, as dbt does it for lists of values:
    /// the expression of the value. Null: rows are counted.
    /// </summary>
    public string? CountedBy { get; init; }

    public override string? Counts => CountedBy is null ? null : "different value";

    /// <summary>A cheaper aggregate for the number of failing rows in a shared scan, where there is one.</summary>
    public string? Count { get; init; }
}
