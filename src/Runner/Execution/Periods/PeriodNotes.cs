using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Microbatches;
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

    /// <summary>Periods that are not built, because files are gone that may have had rows of them, and why.</summary>
    public ImmutableDictionary<BatchPeriod, Diagnostic> Refused { get; init; } =
        ImmutableDictionary<BatchPeriod, Diagnostic>.Empty;

    /// <summary>Why some periods cannot be built together; empty where they can.</summary>
    public ImmutableArray<Diagnostic> RefusalsOf(ImmutableArray<BatchPeriod> periods) =>
        [.. periods.Select(period => Refused.GetValueOrDefault(period)).OfType<Diagnostic>()];
}
