using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving;

internal sealed record ReplayOutcome(ReplayEnd End)
{
    public Diagnostic? Failure { get; init; }

    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Expected are the rows of the full build, actual those that the batches led to.</summary>
    public ImmutableArray<RowDifference> Differences { get; init; } = [];

    /// <summary>Whether another outcome shows the same trouble.</summary>
    public bool IsLike(ReplayOutcome other) => End == other.End && Failure?.Code == other.Failure?.Code;
}

internal enum ReplayEnd
{
    Same,
    Differs,

    /// <summary>A batch could not be taken in, though all rows at once could.</summary>
    BatchFailed,

    /// <summary>The batches went in, but the model can no longer be built from nothing.</summary>
    FullBuildFailed,
}
