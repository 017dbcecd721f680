namespace Strata.Runner.Microbatches;

/// <param name="Why">In words: <c>new</c>, <c>failed</c>, <c>late rows</c>.</param>
public sealed record PlannedBatch(BatchPeriod Period, string Why);
