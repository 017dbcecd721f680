using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Execution.Periods;

/// <summary>The rows of some periods of a microbatch model, before they are brought together with what is published.</summary>
/// <param name="Given">Rows that the query gave; null where the engine did not say.</param>
/// <param name="Periods">Where they lie.</param>
/// <param name="Diversion">What was taken out of them.</param>
internal sealed record PeriodStage(CheckedKeys Keys, long? Given, PeriodRows Periods, Diversion Diversion)
{
    public StagedRelation Rows => Keys.Staged;
}
