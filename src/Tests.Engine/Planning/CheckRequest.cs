using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Tests.Engine.Planning;

/// <summary>Tests to run on one connection, and what they read.</summary>
public sealed record CheckRequest
{
    public required ImmutableArray<TestNode> Tests { get; init; }

    /// <summary>The relation to read for a node: its post-image in a build, else what is published.</summary>
    public required Func<string, CheckRelation> Resolve { get; init; }

    /// <summary>What a test compares its relation with, where that is not what <see cref="Resolve"/> gives for the node.</summary>
    public Func<string, CheckRelation>? ResolveOther { get; init; }

    /// <summary>The same relation on the node's own connection; needed where a test reads in place.</summary>
    public Func<string, PlacedRelation>? Place { get; init; }

    public required SqlDialect Dialect { get; init; }

    /// <summary>The engine's capability: one scan with filters beats separate scans that statistics can prune.</summary>
    public required bool FusedChecksAreCheaper { get; init; }

    /// <summary>
    /// By node: the rows that a run adds or replaces. Checks that look at rows one by one read only these, since
    /// the others passed before. A batch says why not when a test on it is new or did not pass last time.
    /// </summary>
    public ImmutableDictionary<string, CheckBatch> Batches { get; init; } =
        ImmutableDictionary<string, CheckBatch>.Empty;

    /// <summary>What checks find in batches is added up: how many rows they looked at is counted also where none fails.</summary>
    public bool AddsUpBatches { get; init; }

    /// <summary>By unique id of a test: what earlier runs left behind of it.</summary>
    public IReadOnlyDictionary<string, CheckMemory> Memories { get; init; } =
        ImmutableDictionary<string, CheckMemory>.Empty;

    /// <summary>The instant that freshness is measured against: the run's start.</summary>
    public required DateTimeOffset Now { get; init; }
}
