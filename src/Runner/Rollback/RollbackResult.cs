using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;

namespace Strata.Runner.Rollback;

/// <param name="RunId">The id of the rollback, which is a run itself.</param>
/// <param name="Plan">Null when none could be made; the diagnostics then say why.</param>
/// <param name="Done">The connections that are back.</param>
public sealed record RollbackResult(
    string RunId,
    RollbackPlan? Plan,
    ImmutableArray<string> Done,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    public bool IsSuccess => Plan is not null && Diagnostics.All(found => !found.IsError);
}
