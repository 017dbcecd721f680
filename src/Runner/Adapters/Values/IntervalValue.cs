namespace Strata.Runner.Adapters.Values;

/// <summary>Calendar months, days and microseconds, kept apart as both engines do.</summary>
public readonly record struct IntervalValue(int Months, int Days, long Micros);
