using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;

namespace Strata.Runner.Results;

public sealed record NodeResult
{
    public required PlannedNode Node { get; init; }

    public required Outcome Outcome { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Wall time of each phase that was entered: stage, audit, publish.</summary>
    public ImmutableArray<(string Phase, TimeSpan Duration)> Timings { get; init; } = [];

    public RowCounts? Rows { get; init; }

    /// <summary>Of a microbatch model: how each batch ended.</summary>
    public ImmutableArray<BatchResult> Batches { get; init; } = [];

    public ImmutableArray<TestResult> Tests { get; init; } = [];

    public ImmutableArray<UnitTestResult> UnitTests { get; init; } = [];

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Columns of landed files that are not declared and that the node does not keep.</summary>
    public int LostColumns => Diagnostics.Sum(FileDiagnostics.LostColumnsOf);

    /// <summary>For skipped and held back: the name of the node that is the reason.</summary>
    public string? Because { get; init; }
}
