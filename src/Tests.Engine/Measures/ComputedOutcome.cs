namespace Strata.Tests.Engine.Measures;

/// <param name="Observed">The statistic, for people; null when there is none.</param>
public sealed record ComputedOutcome(bool Passes, string? Observed);
