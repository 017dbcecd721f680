using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>The words that configuration values may be, spelt as dbt spells them.</summary>
internal static class ConfigWords
{
    public static readonly YamlType<Materialization> Materialization = YamlScalars.OneOf(
        ("view", Manifest.Models.Materialization.View),
        ("table", Manifest.Models.Materialization.Table),
        ("incremental", Manifest.Models.Materialization.Incremental),
        ("ephemeral", Manifest.Models.Materialization.Ephemeral),
        ("cdc", Manifest.Models.Materialization.Cdc)
    );

    public static readonly YamlType<IncrementalStrategy> IncrementalStrategy = YamlScalars.OneOf(
        ("append", Manifest.Models.IncrementalStrategy.Append),
        ("merge", Manifest.Models.IncrementalStrategy.Merge),
        ("delete+insert", Manifest.Models.IncrementalStrategy.DeleteInsert),
        ("insert_overwrite", Manifest.Models.IncrementalStrategy.InsertOverwrite),
        ("microbatch", Manifest.Models.IncrementalStrategy.Microbatch)
    );

    public static readonly YamlType<OnSchemaChange> OnSchemaChange = YamlScalars.OneOf(
        ("ignore", Manifest.Models.OnSchemaChange.Ignore),
        ("append_new_columns", Manifest.Models.OnSchemaChange.AppendNewColumns),
        ("sync_all_columns", Manifest.Models.OnSchemaChange.SyncAllColumns),
        ("fail", Manifest.Models.OnSchemaChange.Fail)
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
        ("minute", Manifest.Sources.FreshnessPeriod.Minute),
        ("hour", Manifest.Sources.FreshnessPeriod.Hour),
        ("day", Manifest.Sources.FreshnessPeriod.Day)
    );

    public static readonly YamlType<BatchSize> BatchSize = YamlScalars.OneOf(
        ("hour", Manifest.Models.BatchSize.Hour),
        ("day", Manifest.Models.BatchSize.Day),
        ("month", Manifest.Models.BatchSize.Month),
        ("year", Manifest.Models.BatchSize.Year)
    );

    public static readonly YamlType<RebuildPeriod> RebuildPeriod = YamlScalars.OneOf(
        ("run", Manifest.Models.RebuildPeriod.Run),
        ("hour", Manifest.Models.RebuildPeriod.Hour),
        ("day", Manifest.Models.RebuildPeriod.Day),
        ("month", Manifest.Models.RebuildPeriod.Month),
        ("change", Manifest.Models.RebuildPeriod.Change)
    );

    /// <summary>The word of a materialization.</summary>
    public static string NameOf(Materialization value) => value.ToString().ToLowerInvariant();

    /// <summary>Names of columns: one, or a list.</summary>
    public static readonly YamlType<ImmutableArray<string>> Names = YamlCollections.ListOf(
        YamlScalars.Column,
        allowSingle: true
    );
}
