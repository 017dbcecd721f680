using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>The words that configuration values may be, spelt as dbt spells them.</summary>
internal static class ConfigWords
{
    public static readonly YamlType<Materialization> Materialization = YamlScalars.OneOf(
        ("view", Manifest.Materialization.View),
        ("table", Manifest.Materialization.Table),
        ("incremental", Manifest.Materialization.Incremental),
        ("ephemeral", Manifest.Materialization.Ephemeral),
        ("cdc", Manifest.Materialization.Cdc)
    );

    public static readonly YamlType<IncrementalStrategy> IncrementalStrategy = YamlScalars.OneOf(
        ("append", Manifest.IncrementalStrategy.Append),
        ("merge", Manifest.IncrementalStrategy.Merge),
        ("delete+insert", Manifest.IncrementalStrategy.DeleteInsert),
        ("insert_overwrite", Manifest.IncrementalStrategy.InsertOverwrite),
        ("microbatch", Manifest.IncrementalStrategy.Microbatch)
    );

    public static readonly YamlType<OnSchemaChange> OnSchemaChange = YamlScalars.OneOf(
        ("ignore", Manifest.OnSchemaChange.Ignore),
        ("append_new_columns", Manifest.OnSchemaChange.AppendNewColumns),
        ("sync_all_columns", Manifest.OnSchemaChange.SyncAllColumns),
        ("fail", Manifest.OnSchemaChange.Fail)
    );

    public static readonly YamlType<PublishMode> Publish = YamlScalars.OneOf(
        ("model", PublishMode.Model),
        ("run", PublishMode.Run)
    );

    public static readonly YamlType<TestSeverity> Severity = YamlScalars.OneOf(
        ("error", TestSeverity.Error),
        ("warn", TestSeverity.Warn),
        ("quarantine", TestSeverity.Quarantine)
    );

    public static readonly YamlType<FreshnessPeriod> FreshnessPeriod = YamlScalars.OneOf(
        ("minute", Manifest.FreshnessPeriod.Minute),
        ("hour", Manifest.FreshnessPeriod.Hour),
        ("day", Manifest.FreshnessPeriod.Day)
    );

    public static readonly YamlType<BatchSize> BatchSize = YamlScalars.OneOf(
        ("hour", Manifest.BatchSize.Hour),
        ("day", Manifest.BatchSize.Day),
        ("month", Manifest.BatchSize.Month),
        ("year", Manifest.BatchSize.Year)
    );

    public static readonly YamlType<RebuildPeriod> RebuildPeriod = YamlScalars.OneOf(
        ("run", Manifest.RebuildPeriod.Run),
        ("hour", Manifest.RebuildPeriod.Hour),
        ("day", Manifest.RebuildPeriod.Day),
        ("month", Manifest.RebuildPeriod.Month),
        ("change", Manifest.RebuildPeriod.Change)
    );

    /// <summary>The word of a materialization.</summary>
    public static string NameOf(Materialization value) => value.ToString().ToLowerInvariant();

    /// <summary>Names of columns: one, or a list.</summary>
    public static readonly YamlType<ImmutableArray<string>> Names = YamlCollections.ListOf(
        YamlScalars.Column,
        allowSingle: true
    );
}
