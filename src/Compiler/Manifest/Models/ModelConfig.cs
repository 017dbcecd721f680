using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Models;

/// <summary>A model's configuration after all levels of precedence were merged.</summary>
public sealed record ModelConfig
{
    public Materialization Materialized { get; init; } = Materialization.View;

    /// <summary>The strategy of an incremental model; null means the default: merge with a key, append without.</summary>
    public IncrementalStrategy? IncrementalStrategy { get; init; }

    /// <summary>The columns that identify a row; empty when there is no key.</summary>
    public ImmutableArray<string> UniqueKey { get; init; } = [];

    public OnSchemaChange OnSchemaChange { get; init; } = OnSchemaChange.Ignore;

    public ImmutableArray<string> MergeUpdateColumns { get; init; } = [];

    public ImmutableArray<string> MergeExcludeColumns { get; init; } = [];

    public ImmutableArray<string> IncrementalPredicates { get; init; } = [];

    /// <summary>Columns or expressions whose values name a partition, for insert_overwrite.</summary>
    public ImmutableArray<string> PartitionBy { get; init; } = [];

    /// <summary>Of rows with the same key in one batch, the one with the greatest value wins.</summary>
    public string? SequenceBy { get; init; }

    /// <summary>The column that says when what a row tells of happened; readers that work by time filter by it.</summary>
    public string? EventTime { get; init; }

    public BatchSize? BatchSize { get; init; }

    /// <summary>The first instant that a microbatch model covers.</summary>
    public DateTimeOffset? Begin { get; init; }

    public int Lookback { get; init; } = 1;

    public bool? ConcurrentBatches { get; init; }

    /// <summary>How a batch enters the relation: as it is written, else by whether there is a key.</summary>
    public IncrementalStrategy Strategy =>
        IncrementalStrategy
        ?? (
            UniqueKey.IsEmpty
                ? Manifest.Models.IncrementalStrategy.Append
                : Manifest.Models.IncrementalStrategy.Merge
        );

    /// <summary>Of a microbatch model: how it divides time. Null for every other model.</summary>
    public MicrobatchConfig? Microbatch =>
        Materialized == Materialization.Incremental
        && IncrementalStrategy == Manifest.Models.IncrementalStrategy.Microbatch
        && EventTime is { } eventTime
        && BatchSize is { } size
        && Begin is { } begin
            ? new MicrobatchConfig(eventTime, size, begin, Lookback, ConcurrentBatches)
            : null;

    /// <summary>Of <see cref="Materialization.Cdc"/>.</summary>
    public CdcConfig Cdc { get; init; } = new();

    /// <summary>Of <see cref="Materialization.Snapshot"/>.</summary>
    public SnapshotConfig Snapshot { get; init; } = new();

    /// <summary>Of snapshots and of cdc models that keep a history.</summary>
    public HistoryColumns History { get; init; } = new();

    public PublishMode Publish { get; init; } = PublishMode.Model;

    /// <summary>True or false beats the command line's --full-refresh; null leaves it to the flag.</summary>
    public bool? FullRefresh { get; init; }

    /// <summary>When the model is due though nothing has changed; null where that is not said.</summary>
    public RebuildPeriod? RebuildEvery { get; init; }

    public bool Enabled { get; init; } = true;

    public bool StoreFailures { get; init; }

    public string? Group { get; init; }

    /// <summary>The relation has exactly the declared columns, each of its declared type, or is not published; null when nothing is said.</summary>
    public bool? ContractEnforced { get; init; }

    /// <summary>SQL statements (rendered) that run on the node's connection before and after its own.</summary>
    public ImmutableArray<string> PreHooks { get; init; } = [];

    public ImmutableArray<string> PostHooks { get; init; } = [];

    /// <summary>Where each of <see cref="PreHooks"/> is written: with the model, or in strata.yml.</summary>
    public ImmutableArray<SourceSpan> PreHookPlaces { get; init; } = [];

    /// <summary>The same of <see cref="PostHooks"/>.</summary>
    public ImmutableArray<SourceSpan> PostHookPlaces { get; init; } = [];
}
