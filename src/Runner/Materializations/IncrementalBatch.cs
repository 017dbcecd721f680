using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Materializations;

/// <summary>A staged batch together with the way it enters its target.</summary>
public sealed record IncrementalBatch(
    StagedRelation Staged,
    ColumnPlan Columns,
    IncrementalStrategy Strategy,
    KeyMatch Match,
    ModelConfig Config
)
{
    /// <summary>Of a microbatch model: the periods of the target that the batch replaces.</summary>
    public ReplacedPeriods? Periods { get; init; }

    /// <summary>The strategy that a model asks for; with a key the default is merge.</summary>
    public static IncrementalStrategy StrategyOf(ModelConfig config) =>
        config.IncrementalStrategy
        ?? (config.UniqueKey.IsEmpty ? IncrementalStrategy.Append : IncrementalStrategy.Merge);

    /// <summary>Whether two rows of a batch with the same key would be one too many.</summary>
    public static bool NeedsUniqueKeys(ModelConfig config) =>
        !config.UniqueKey.IsEmpty
        && StrategyOf(config) is IncrementalStrategy.Merge or IncrementalStrategy.Microbatch;
}
