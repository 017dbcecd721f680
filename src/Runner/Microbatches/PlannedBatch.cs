namespace Strata.Runner.Microbatches;

/// <param name="Why">In words: <c>new</c>, <c>failed</c>, <c>rows arrived</c>, <c>lookback</c>.</param>
/// <param name="OnlyIfInputsChange">Not built unless this run changes rows of what the model reads.</param>
public sealed record PlannedBatch(BatchPeriod Period, string Why, bool OnlyIfInputsChange = false);
