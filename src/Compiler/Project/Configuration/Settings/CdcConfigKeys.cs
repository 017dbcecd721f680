using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The keys of a model's configuration that only <c>materialized: cdc</c> reads.</summary>
internal static class CdcConfigKeys
{
    private static readonly YamlType<int> ScdType = YamlScalars.OneOf(("1", 1), ("2", 2));

    public static YamlObject<ModelSettings> WithCdc(this YamlObject<ModelSettings> shape) =>
        shape
            .Optional(
                "apply_as_deletes",
                "SQL over the columns of an event of a cdc model: true if the event deletes its key.",
                YamlScalars.Text,
                (s, v) => With(s, s.Config.Cdc with { ApplyAsDeletes = v })
            )
            .Optional(
                "ignore_null_updates",
                "Whether a null in an event of a cdc model leaves the column as it was.",
                YamlScalars.Boolean,
                (s, v) => With(s, s.Config.Cdc with { IgnoreNullUpdates = v })
            )
            .Optional(
                "scd_type",
                "What a cdc model keeps: 1 the latest state of each key, 2 every version of it.",
                ScdType,
                (s, v) => With(s, s.Config.Cdc with { ScdType = v })
            )
            .Optional(
                "track_history_columns",
                "With scd_type 2: the only columns whose change begins a version.",
                ConfigWords.Names,
                (s, v) => With(s, s.Config.Cdc with { TrackHistoryColumns = v })
            )
            .Optional(
                "track_history_except_columns",
                "With scd_type 2: columns whose change does not begin a version.",
                ConfigWords.Names,
                (s, v) => With(s, s.Config.Cdc with { TrackHistoryExceptColumns = v })
            )
            .Optional(
                "except_columns",
                "Columns of a cdc model's query that its table does not have.",
                ConfigWords.Names,
                (s, v) => With(s, s.Config.Cdc with { ExceptColumns = v })
            )
            .Optional(
                "tombstone_retention",
                "With scd_type 1: how long a deleted key is remembered for late events, such as 7 days; by default for ever.",
                LengthOfTime.Instance,
                (s, v) => With(s, s.Config.Cdc with { TombstoneRetention = v })
            );

    private static ModelSettings With(ModelSettings settings, CdcConfig cdc) =>
        settings with
        {
            Config = settings.Config with { Cdc = cdc },
        };
}
