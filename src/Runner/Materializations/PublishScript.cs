using System.Collections.Immutable;

namespace Strata.Runner.Materializations;

/// <summary>The statements that make one staged node what readers see; they run inside the publishing transaction.</summary>
/// <param name="Steps">In order.</param>
public sealed record PublishScript(ImmutableArray<PublishStep> Steps)
{
    /// <summary>What the steps read, and those who keep the old version: run while nothing of the transaction is changed.</summary>
    public ImmutableArray<string> BeforeChanges { get; init; } = [];

    /// <summary>
    /// What must go before anything of the transaction is changed: an old relation of another kind, a view whose
    /// columns change. Run for all nodes first, children before parents.
    /// </summary>
    public ImmutableArray<string> DropBefore { get; init; } = [];

    /// <summary>
    /// Columns leave or change their type in place, which engines refuse while a view reads them: the views of
    /// this run that do must be dropped first.
    /// </summary>
    public bool ChangesColumnsInPlace { get; init; }

    /// <summary>What the counts of the steps must come to.</summary>
    public RowRule Rule { get; init; }

    /// <summary>A query for the rows that have the key of a staged row once the steps are done, where that can be asked.</summary>
    public string? CountMet { get; init; }

    /// <summary>The steps report what they insert, update and delete.</summary>
    public bool CountsRows => IsUnchanged || Steps.Any(step => step.Effect != RowEffect.None);

    /// <summary>Nothing is written, because nothing differs.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>The reported counts say whether any row has changed.</summary>
    public bool CountsChanges { get; init; }
}
