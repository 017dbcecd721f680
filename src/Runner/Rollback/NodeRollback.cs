using System.Collections.Immutable;
using Strata.Runner.State;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>One node on its way back.</summary>
/// <param name="Steps">The publishes that are undone, latest first; never empty.</param>
/// <param name="Now">Where the node stands; null when it is gone already.</param>
public sealed record NodeRollback(string Node, ImmutableArray<KeptVersion> Steps, NodeState? Now)
{
    /// <summary>Where the node will stand; null when it did not exist then.</summary>
    public NodeState? After => Steps[^1].Before;

    /// <summary>Whether nothing was there then: what the node is now will be dropped.</summary>
    public bool IsDropped => Steps[^1] is { Before: null, Kind: KeptKind.Absent };

    /// <summary>As the state notes it, until <see cref="RestoredRows"/> has counted; null where it is not known.</summary>
    public long? RowsNow { get; init; } = Now?.Rows;

    /// <summary>Of what will be restored; as the state notes it until then, like <see cref="RowsNow"/>.</summary>
    public long? RowsThen { get; init; } = Steps[^1].Before?.Rows;
}
