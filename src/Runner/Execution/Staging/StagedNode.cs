using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Periods;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Execution.Staging;

/// <summary>A node between stage and publish.</summary>
internal sealed record StagedNode
{
    public required PlannedNode Node { get; init; }

    /// <summary>What the state will say is published.</summary>
    public required string Fingerprint { get; init; }

    public required StagedRelation Relation { get; init; }

    /// <summary>Of an incremental model: the batch and how it enters its target.</summary>
    public IncrementalBatch? Batch { get; init; }

    /// <summary>The columns that the relation will have once the node is published.</summary>
    public ImmutableArray<ColumnSchema> Columns => Batch?.Columns.After ?? Relation.Columns;

    /// <summary>Of a microbatch model: which of its batches are in the stage.</summary>
    public StagedPeriods? Batches { get; init; }

    /// <summary>Of a view: its SQL over published relations.</summary>
    public BoundSql? ViewBody { get; init; }

    /// <summary>Statements of the project that belong into the publishing transaction.</summary>
    public ImmutableArray<string> PostHooks { get; init; } = [];

    /// <summary>What publishing changes besides the relation: the hidden state of a cdc model.</summary>
    public ImmutableArray<PublishStep> StateSteps { get; init; } = [];

    /// <summary>Relations that <see cref="StateSteps"/> make.</summary>
    public ImmutableArray<RelationInfo> StateRelations { get; init; } = [];

    /// <summary>What <see cref="StateSteps"/> change, and what it takes to bring it back.</summary>
    public ImmutableArray<StagedState> States { get; init; } = [];

    /// <summary>Of what grows batch by batch: what its change feed will hold.</summary>
    public StagedFeed? Feed { get; init; }

    /// <summary>How far the node has read the changes of others.</summary>
    public ImmutableArray<ConsumedFeed> Consumed { get; init; } = [];

    /// <summary>Landed files whose rows are in the stage.</summary>
    public ImmutableArray<ConsumedFile> Files { get; init; } = [];

    /// <summary>Columns of landed files that are others than the state knows.</summary>
    public ImmutableArray<LandedColumns> LandedColumns { get; init; } = [];

    /// <summary>Rows that the query, the file or the other engine gave; null where it did not say how many.</summary>
    public long? Given { get; init; }

    /// <summary>Rows that were diverted instead of staged; null where nothing is.</summary>
    public long? Quarantined { get; init; }

    /// <summary>What of the landed files went to the quarantine.</summary>
    public ImmutableArray<RejectedRows> Rejected { get; init; } = [];

    /// <summary>Landed files that are gone, and whose rows go too.</summary>
    public ImmutableArray<ConsumedFile> ForgottenFiles { get; init; } = [];

    /// <summary>Rows that lost against another with the same key.</summary>
    public long? MergedAway { get; init; }

    /// <summary>Of a cdc model: the events that the stage was made of.</summary>
    public EventCounts? Events { get; init; }

    /// <summary>Rows that the node's expectations have diverted, and what becomes of those before.</summary>
    public StagedQuarantine? Quarantine { get; init; }

    /// <summary>The batch is made of quarantined rows: the node has read nothing of its inputs.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Whether publishing it says how far the node has read what it reads: all of it, and nothing else.</summary>
    public bool Settles => !IsReplay && Batches is not { Settles: false };

    /// <summary>Whether publishing it changes what is known of how far it has read changes.</summary>
    public bool MovesPositions(ConnectionRun on) =>
        Settles && (!Consumed.IsEmpty || on.HasPositions(Node.Id));

    public ImmutableArray<TestResult> Tests { get; init; } = [];

    /// <summary>Warnings that came up on the way.</summary>
    public ImmutableArray<Compiler.Diagnostics.Diagnostic> Diagnostics { get; init; } = [];

    public ImmutableArray<(string Phase, TimeSpan Duration)> Timings { get; init; } = [];

    /// <summary>What is known of the row ledger before anything is published.</summary>
    public RowCounts CountIncoming() =>
        new()
        {
            In = Given ?? Relation.Rows + (MergedAway ?? 0) + (Quarantined ?? 0),
            MergedAway = MergedAway,
            Quarantined = Quarantined,
            Replayed = Quarantine?.Reentered,
            Dropped = Quarantine?.Dropped,
        };

    public bool IsView => ViewBody is not null;

    /// <summary>
    /// Of one of several batches: the time since the one before it, so that together they are the time that passed. The phases of
    /// batches overlap, and their timings are those of all so far.
    /// </summary>
    public TimeSpan? BatchDuration { get; init; }

    public TimeSpan Duration => TimeSpan.FromTicks(Timings.Sum(timing => timing.Duration.Ticks));

    /// <summary>The columns of a node that are never compared, as it declares them.</summary>
    public static ImmutableHashSet<string> VolatileOf(RelationNode node) =>
        node
            .Columns.Where(column => column.Volatile)
            .Select(column => column.Name)
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
}
