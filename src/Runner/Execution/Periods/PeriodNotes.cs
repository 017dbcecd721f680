using System.Collections.Immutable;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Periods;

/// <summary>The landed files that a microbatch model reads in a run, noted with the first of its batches that is published.</summary>
/// <param name="Records">Those that are new, or other than they were.</param>
/// <param name="Forgotten">Those that are gone, and are not missed.</param>
internal sealed record PeriodNotes(
    ImmutableArray<ConsumedFile> Records,
    ImmutableArray<ConsumedFile> Forgotten
)
{
    public static readonly PeriodNotes None = new([], []);
}
