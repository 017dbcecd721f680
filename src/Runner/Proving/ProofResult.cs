using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Proving.Examples;

namespace Strata.Runner.Proving;

/// <summary>What trying a model came to.</summary>
public sealed record ProofResult
{
    public required ModelNode Model { get; init; }

    public required ProofStatus Status { get; init; }

    /// <summary>How its rows were delivered, by name; the last one is the one that showed a difference, if any did.</summary>
    public ImmutableArray<string> Schedules { get; init; } = [];

    /// <summary>What was delivered, in the order the model reads it.</summary>
    public ImmutableArray<ProvedInput> Inputs { get; init; } = [];

    public ImmutableArray<IgnoredColumn> Ignored { get; init; } = [];

    /// <summary>What the reader should know though nothing is wrong.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    public ProofExample? Example { get; init; }

    /// <summary>What differs, or why nothing could be said.</summary>
    public Diagnostic? Diagnostic { get; init; }
}

public enum ProofStatus
{
    /// <summary>Every schedule ended in the rows of one full build.</summary>
    Proven,

    /// <summary>One did not.</summary>
    Differs,

    /// <summary>It could not be tried.</summary>
    NotProven,
}

/// <param name="From">Where its rows come from: the relation, landed files, a unit test, a seed's file.</param>
/// <param name="Grows">Whether its rows came in batches; else all of them were there before the first.</param>
/// <param name="Unit">What <paramref name="Rows"/> counts: <c>row</c>, or <c>file</c> where files are delivered whole.</param>
public sealed record ProvedInput(string Name, int Rows, string From, bool Grows, string Unit = "row");

/// <param name="Reason">In words: <c>volatile</c>.</param>
public sealed record IgnoredColumn(string Name, string Reason)
{
    public bool Is(ColumnSchema column) => Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase);
}
