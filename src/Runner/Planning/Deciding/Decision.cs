using System.Collections.Immutable;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Planning.Deciding;

/// <summary>What is to be done with a node, and why.</summary>
/// <param name="OnlyIfInputsChange">See <see cref="PlannedNode.OnlyIfInputsChange"/>.</param>
internal sealed record Decision(PlannedAction Action, string Reason, bool OnlyIfInputsChange = false)
{
    /// <summary>See <see cref="PlannedNode.Batches"/>.</summary>
    public ImmutableArray<PlannedBatch> Batches { get; init; } = [];

    /// <summary>See <see cref="PlannedNode.ReadsAgain"/>.</summary>
    public string? ReadsAgain { get; init; }

    /// <summary>See <see cref="PlannedNode.OldRows"/>.</summary>
    public long? OldRows { get; init; }

    /// <summary>The run will not do it: the reason says why.</summary>
    public bool IsRefused { get; init; }

    public bool Works => Action is not (PlannedAction.None or PlannedAction.Test);
}
