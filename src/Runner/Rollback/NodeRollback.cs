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
}
