using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// The landed files that a microbatch model reads in a run, noted with the first of its batches that is published. Those that periods are
/// built again for are noted with the last one: until then they are as they were, and the next run begins again with these periods.
/// </summary>
/// <param name="Records">Those that are new, or were looked at again.</param>
/// <param name="Forgotten">Those that are gone, and are not missed; with the last batch.</param>
internal sealed record PeriodNotes(
    ImmutableArray<ConsumedFile> Records,
    ImmutableArray<ConsumedFile> Forgotten
)
{
    public static readonly PeriodNotes None = new([], []);

    /// <summary>Those that take the place of what they were; with the last batch.</summary>
    public ImmutableArray<ConsumedFile> Replaced { get; init; } = [];

    /// <summary>What is noted with a batch.</summary>
    /// <param name="settles">Whether the run is done with it, and has built what there is to build.</param>
    public PeriodNotes Of(bool isFirst, bool settles) =>
        new([.. isFirst ? Records : [], .. settles ? Replaced : []], settles ? Forgotten : []);

    /// <summary>Periods that are not built, because files are gone that may have had rows of them, and why.</summary>
    public ImmutableDictionary<BatchPeriod, Diagnostic> Refused { get; init; } =
        ImmutableDictionary<BatchPeriod, Diagnostic>.Empty;

    /// <summary>Why some periods cannot be built together; empty where they can.</summary>
    public ImmutableArray<Diagnostic> RefusalsOf(ImmutableArray<BatchPeriod> periods) =>
        [.. periods.Select(period => Refused.GetValueOrDefault(period)).OfType<Diagnostic>()];
}
