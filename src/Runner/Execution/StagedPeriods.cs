using System.Collections.Immutable;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution;

/// <param name="Records">What the state will say of them.</param>
/// <param name="StartsOver">Whatever was known of the model's batches no longer holds.</param>
/// <param name="IsLast">No other batch of this run comes after.</param>
internal sealed record StagedPeriods(ImmutableArray<BatchRecord> Records, bool StartsOver, bool IsLast);
