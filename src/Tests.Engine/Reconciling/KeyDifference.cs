using System.Collections.Immutable;

namespace Strata.Tests.Engine.Reconciling;

public enum DifferenceKind
{
    OnlyHere,
    OnlyThere,
    OtherValues,
}

/// <summary>A key whose rows are not the same on both sides.</summary>
/// <param name="Key">Its values as text, in the order of the key's columns.</param>
/// <param name="Columns">Where both sides have the key: the columns whose values differ; empty where a side has it more often.</param>
public sealed record KeyDifference(
    DifferenceKind Kind,
    ImmutableArray<string?> Key,
    ImmutableArray<ColumnDifference> Columns
);

/// <summary>The two values of a column, as text.</summary>
public sealed record ColumnDifference(string Column, string? Here, string? There);
