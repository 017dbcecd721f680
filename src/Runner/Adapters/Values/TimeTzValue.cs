namespace Strata.Runner.Adapters.Values;

/// <summary>A time of day with its offset east of Greenwich.</summary>
/// <param name="Micros">Microseconds since midnight, local.</param>
public readonly record struct TimeTzValue(long Micros, int OffsetSeconds);
