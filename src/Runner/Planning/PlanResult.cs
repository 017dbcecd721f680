using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;

namespace Strata.Runner.Planning;

/// <summary>A plan, or the reasons why there is none; warnings can come with a plan.</summary>
public sealed record PlanResult(RunPlan? Plan, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Relations of the project's schemas that it has made and that no node owns any more.</summary>
    public ImmutableArray<string> Orphans { get; init; } = [];
}
