using System.Collections.Immutable;
using Strata.Runner.Proving.Schedules;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving.Examples;

/// <summary>The fewest deliveries found that still show a difference.</summary>
/// <param name="Schedule">The name of the schedule that they were found in.</param>
/// <param name="Batches">How many batches there were; one may have brought nothing.</param>
/// <param name="Cause">The usual cause of such a difference, in words.</param>
public sealed record ProofExample(
    string Schedule,
    int Batches,
    ImmutableArray<DeliveredRows> Delivered,
    ImmutableArray<string> Columns,
    ImmutableArray<RowDifference> Differences,
    string Cause
);

/// <summary>The rows of one input that belong to an example.</summary>
/// <param name="Rows">The batch that a row came in, counted from 1, what it did, and its cells as text; null for null.</param>
public sealed record DeliveredRows(
    string Input,
    ImmutableArray<string> Columns,
    ImmutableArray<(int Batch, RowChange Change, ImmutableArray<string?> Cells)> Rows
);
