using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving.Replaying;

internal sealed record ReplayOutcome(ReplayEnd End)
{
    public Diagnostic? Failure { get; init; }

    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Expected are the rows of the full build, actual those that the batches led to.</summary>
    public ImmutableArray<RowDifference> Differences { get; init; } = [];

    /// <summary>Whether rows could only be counted: no column is to be compared.</summary>
    public bool HasCounts { get; init; }

    /// <summary>By how many rows the batches led to fewer than the full build; where rows could only be counted.</summary>
    public long Missing => Count(one => one.Expected) - Count(one => one.Actual);

    /// <summary>Whether another outcome shows the same trouble.</summary>
    public bool IsLike(ReplayOutcome other) => End == other.End && Failure?.Code == other.Failure?.Code;

    private long Count(Func<RowDifference, object?[]?> side) =>
        Differences.Select(side).FirstOrDefault(row => row is not null) is [{ } count, ..]
            ? RowSet.Long(count)
            : 0;
}

internal enum ReplayEnd
{
    Same,
    Differs,

    /// <summary>A batch could not be taken in, though all rows at once could.</summary>
    BatchFailed,

    /// <summary>The batches went in, but the model can no longer be built from nothing.</summary>
    FullBuildFailed,

    /// <summary>Thousands of rows are written differently and mean the same, as JSON may: nobody has looked at all of them.</summary>
    Undecided,
}
