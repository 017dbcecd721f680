using System.Collections.Immutable;
using Strata.Runner.State;

namespace Strata.Runner.Materializations;

/// <summary>What the state knows of a published table's rows: whether a key is known to name one row each.</summary>
/// <param name="SameDefinition">The rows were made by the definition that is staged now, and so by its key.</param>
/// <param name="Columns">Columns by which no two rows are the same; empty where none are known, null where that was not noted.</param>
public sealed record PublishedKey(bool SameDefinition, ImmutableArray<string>? Columns)
{
    public static PublishedKey Unknown { get; } = new(false, null);

    public static PublishedKey Of(NodeState? state, string fingerprint) =>
        new(state?.Fingerprint == fingerprint, state?.Key);

    /// <summary>Whether nothing has to be looked at: the definition is the same, or the rows are told apart by this key already.</summary>
    public bool Holds(ImmutableArray<string> key) => SameDefinition || TellsApart(key);

    /// <summary>Whether it may be noted that this key names one row each, once a batch has been merged by it.</summary>
    public bool IsKept(ImmutableArray<string> key) => (SameDefinition && Columns is null) || TellsApart(key);

    // rows that differ by some columns differ by more of them, too
    private bool TellsApart(ImmutableArray<string> key) =>
        Columns is { IsEmpty: false } columns && columns.All(column => key.Contains(column));
}
