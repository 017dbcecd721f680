using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The keys of the configuration of everything that keeps a history.</summary>
internal static class HistoryConfigKeys
{
    // dbt's names are taken too
    private static readonly YamlObject<HistoryColumns> Columns = new YamlObject<HistoryColumns>(
        "the names of history columns",
        "history_columns",
        _ => new HistoryColumns()
    )
        .Optional(
            "valid_from",
            "When a version begins.",
            YamlScalars.Text,
            (c, v) => c with { ValidFrom = v }
        )
        .Alias("dbt_valid_from")
        .Optional("valid_to", "When a version ends.", YamlScalars.Text, (c, v) => c with { ValidTo = v })
        .Alias("dbt_valid_to")
        .Optional(
            "is_current",
            "Whether a version is the last one.",
            YamlScalars.Text,
            (c, v) => c with { IsCurrent = v }
        )
        .Optional("scd_id", "Identifies a version.", YamlScalars.Text, (c, v) => c with { ScdId = v })
        .Alias("dbt_scd_id")
        .Optional(
            "updated_at",
            "When a row was changed.",
            YamlScalars.Text,
            (c, v) => c with { UpdatedAt = v }
        )
        .Alias("dbt_updated_at")
        .Optional(
            "is_deleted",
            "Whether a version stands for a deleted row.",
            YamlScalars.Text,
            (c, v) => c with { IsDeleted = v }
        )
        .Alias("dbt_is_deleted");

    public static YamlObject<ModelSettings> WithHistory(this YamlObject<ModelSettings> shape) =>
        shape.Optional(
            "snapshot_meta_column_names",
            "Other names for the columns that a history adds.",
            Columns,
            (s, v) => s with { Config = s.Config with { History = v } }
        );
}
