using System.Collections.Immutable;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution.Periods;

/// <param name="Records">What the state will say of them.</param>
/// <param name="StartsOver">Whatever was known of the model's batches no longer holds.</param>
/// <param name="IsLast">No other batch of this run comes after.</param>
/// <param name="Settles">
/// With these batches the model has taken in, or owes, all that its inputs hold: they count as read up to here. Not so while
/// others of the run are to come, nor when only the event times were built that somebody asked for.
/// </param>
internal sealed record StagedPeriods(
    ImmutableArray<BatchRecord> Records,
    bool StartsOver,
    bool IsLast,
    bool Settles
);
