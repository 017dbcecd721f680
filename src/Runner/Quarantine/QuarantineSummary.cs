using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

namespace Strata.Runner.Quarantine;

/// <summary>A node's quarantine in figures.</summary>
/// <param name="Reasons">By the name of an expectation, how many open rows failed it; most first.</param>
/// <param name="Oldest">When the oldest open row was diverted.</param>
public sealed record QuarantineSummary(
    RelationNode Node,
    RelationName Table,
    long Open,
    long Replayed,
    long Superseded,
    long Dropped,
    ImmutableArray<(string Name, long Rows)> Reasons,
    DateTimeOffset? Oldest
);
