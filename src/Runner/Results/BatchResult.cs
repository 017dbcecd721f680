using Strata.Runner.Microbatches;

namespace Strata.Runner.Results;

/// <param name="Rows">Rows of the batch; null when it failed before they were counted.</param>
public sealed record BatchResult(BatchPeriod Period, bool IsPublished, long? Rows);
