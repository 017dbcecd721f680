using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>What tells the rows of a relation apart: the key, or in a history the key and the version's beginning.</summary>
public static class RowIdentity
{
    /// <summary>Whether changes enter the relation row by row, by <see cref="ColumnsOf"/>, deletes included.</summary>
    public static bool IsFollowed(ModelConfig config) =>
        config.Materialized is Materialization.Cdc or Materialization.Snapshot;

    public static bool IsHistory(ModelConfig config) =>
        config
            is { Materialized: Materialization.Snapshot }
                or { Materialized: Materialization.Cdc, Cdc.ScdType: 2 };

    public static ImmutableArray<string> ColumnsOf(ModelConfig config) =>
        IsHistory(config) ? [.. config.UniqueKey, config.History.ValidFrom] : config.UniqueKey;

    /// <summary>The configuration under which a batch of such a model enters its relation.</summary>
    public static ModelConfig MergeConfig(ImmutableArray<string> identity) =>
        new()
        {
            Materialized = Materialization.Incremental,
            IncrementalStrategy = IncrementalStrategy.Merge,
            UniqueKey = identity,
            OnSchemaChange = OnSchemaChange.AppendNewColumns,
        };

    /// <summary>The way of writing in words.</summary>
    public static string Words(ModelConfig config) =>
        config.Materialized == Materialization.Snapshot ? "snapshot"
        : IsHistory(config) ? "cdc, history"
        : IsFollowed(config) ? "cdc"
        : IncrementalWriter.Words(config.Strategy);
}
