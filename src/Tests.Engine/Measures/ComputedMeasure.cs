namespace Strata.Tests.Engine.Measures;

/// <summary>A small summary is fetched and judged here: statistics that no SQL dialect offers.</summary>
/// <param name="Query">Gives at most some thousands of rows, whatever the size of the relation.</param>
public sealed record ComputedMeasure(string Query, Func<IReadOnlyList<object?[]>, ComputedOutcome> Judge)
    : Measure;
