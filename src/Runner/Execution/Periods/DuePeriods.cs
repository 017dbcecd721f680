using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution.Periods;

/// <summary>What a microbatch model builds in a run.</summary>
/// <param name="Batches">In order of time, those of rows without time last.</param>
internal sealed record DuePeriods(ImmutableArray<PlannedBatch> Batches)
{
    /// <summary>Whether inputs may have got rows, since the model last read them, that lie before all of its periods, or behind all that there will be.</summary>
    public bool HasRowsLeftOut { get; init; }

    /// <summary>Of periods that keep what landed files held before.</summary>
    public ImmutableArray<Diagnostic> Warnings { get; init; } = [];

    /// <summary>Whether rows may stand in another period than the one that they come from, so that all are built at once.</summary>
    public bool AreTied { get; init; }
}
