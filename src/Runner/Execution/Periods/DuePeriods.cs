using System.Collections.Immutable;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution.Periods;

/// <summary>What a microbatch model builds in a run.</summary>
/// <param name="Batches">In order of time, those of rows without time last.</param>
/// <param name="RowsBeforeBegin">Whether inputs may have got rows, since the model last read them, that lie before all of its periods.</param>
internal sealed record DuePeriods(ImmutableArray<PlannedBatch> Batches, bool RowsBeforeBegin);
