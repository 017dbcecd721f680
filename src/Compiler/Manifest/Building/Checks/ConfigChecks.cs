using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Settings that are right by themselves and wrong together.</summary>
internal static class ConfigChecks
{
    public static void Check(RenderedModel model, DiagnosticBag diagnostics)
    {
        var config = model.Settings.Config;
        var name = model.Draft.Name;
        if (!config.MergeUpdateColumns.IsEmpty && !config.MergeExcludeColumns.IsEmpty)
            diagnostics.Add(
                ProjectDiagnostics.Conflict(
                    PlaceOf(model, "merge_exclude_columns"),
                    $"model '{name}' has both merge_update_columns and merge_exclude_columns",
                    "keep one of them"
                )
            );
        if (config.SequenceBy is { } sequence && Merges(config) && !IsUpdated(config, sequence))
            diagnostics.Add(
                ProjectDiagnostics.Conflict(
                    PlaceOf(model, "sequence_by"),
                    $"model '{name}' has sequence_by '{sequence}', but its merge does not update that column: an older row would win over a newer one",
                    config.MergeUpdateColumns.IsEmpty
                        ? $"take '{sequence}' out of merge_exclude_columns"
                        : $"add '{sequence}' to merge_update_columns"
                )
            );
        var needsKey =
            config.IncrementalStrategy is IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert;
        if (config.Materialized == Materialization.Incremental && needsKey && Lacks("unique_key"))
            diagnostics.Add(
                ProjectDiagnostics.Conflict(
                    PlaceOf(model, "incremental_strategy"),
                    $"model '{name}' matches rows by a key, but has no unique_key",
                    "give unique_key, or use incremental_strategy append"
                )
            );
        var needsPartition = config.IncrementalStrategy == IncrementalStrategy.InsertOverwrite;
        if (config.Materialized == Materialization.Incremental && needsPartition && Lacks("partition_by"))
            diagnostics.Add(
                ProjectDiagnostics.Conflict(
                    PlaceOf(model, "incremental_strategy"),
                    $"model '{name}' replaces partitions, but has no partition_by",
                    "give partition_by"
                )
            );
        if (
            config is
            { Materialized: Materialization.Incremental, IncrementalStrategy: IncrementalStrategy.Microbatch }
        )
            MicrobatchChecks.Check(model, diagnostics);
        HistoryChecks.Check(model, diagnostics);
        ContractChecks.Check(model, diagnostics);

        bool Lacks(string key) => !IsWritten(model, key);
    }

    /// <summary>Whether there is a value: one that is wrong is reported where it stands, and not missed besides.</summary>
    internal static bool IsWritten(RenderedModel model, string key) =>
        model.Config.Find(key)
            is not (null or YamlScalar { IsNull: true } or YamlSequence { Items.IsEmpty: true });

    private static bool Merges(ModelConfig config) =>
        config
            is {
                Materialized: Materialization.Incremental,
                IncrementalStrategy: null or IncrementalStrategy.Merge
            };

    private static bool IsUpdated(ModelConfig config, string column) =>
        config.UniqueKey.Contains(column, StringComparer.OrdinalIgnoreCase)
        || (
            config.MergeUpdateColumns.IsEmpty
            || config.MergeUpdateColumns.Contains(column, StringComparer.OrdinalIgnoreCase)
        ) && !config.MergeExcludeColumns.Contains(column, StringComparer.OrdinalIgnoreCase);

    internal static SourceSpan PlaceOf(RenderedModel model, string key) =>
        model.Config.Find(key)?.Span ?? model.Draft.Declaration;
}
