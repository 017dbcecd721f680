namespace Strata.Runner.Microbatches;

/// <summary>The event times that a run is asked to build again, whatever is known about them.</summary>
/// <param name="End">Not part of it.</param>
public sealed record EventTimeRange(DateTimeOffset Start, DateTimeOffset End);
