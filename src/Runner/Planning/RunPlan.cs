using System.Collections.Immutable;

namespace Strata.Runner.Planning;

/// <summary>
/// What a run will do, as plain data: <c>strata plan</c> prints this very object, <c>strata build</c> executes it.
/// </summary>
public sealed record RunPlan
{
    /// <summary>Sortable and unique: <c>20261121T014500-3f9a</c>. Part of every temporary name.</summary>
    public required string RunId { get; init; }

    public required string TargetName { get; init; }

    /// <summary>The one instant that <c>run_started_at</c> means.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Parents before children. Transfers are nodes like any other.</summary>
    public required ImmutableArray<PlannedNode> Nodes { get; init; }
}
