using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The keys of the configuration that only snapshots read.</summary>
internal static class SnapshotConfigKeys
{
    private static readonly YamlType<SnapshotStrategy> Strategy = YamlScalars.OneOf(
        ("timestamp", SnapshotStrategy.Timestamp),
        ("check", SnapshotStrategy.Check)
    );

    private static readonly YamlType<HardDeletes> HardDeletesWord = YamlScalars.OneOf(
        ("ignore", HardDeletes.Ignore),
        ("invalidate", HardDeletes.Invalidate),
        ("new_record", HardDeletes.NewRecord)
    );

    public static YamlObject<ModelSettings> WithSnapshot(this YamlObject<ModelSettings> shape) =>
        shape
            .Optional(
                "strategy",
                "How a snapshot finds changed rows.",
                Strategy,
                (s, v) => With(s, s.Config.Snapshot with { Strategy = v })
            )
            .Optional(
                "updated_at",
                "The column that says when a row of a snapshot's relation was last changed.",
                YamlScalars.Column,
                (s, v) => With(s, s.Config.Snapshot with { UpdatedAt = v })
            )
            .Optional(
                "check_cols",
                "The columns that a snapshot compares: all, or a list.",
                ConfigWords.Names,
                (s, v) => With(s, s.Config.Snapshot with { CheckColumns = AllIsEmpty(v) })
            )
            .Optional(
                "hard_deletes",
                "What a snapshot does with a key that is no longer there.",
                HardDeletesWord,
                (s, v) => With(s, s.Config.Snapshot with { HardDeletes = v })
            )
            .Optional(
                "invalidate_hard_deletes",
                "dbt's older spelling of hard_deletes: invalidate.",
                YamlScalars.Boolean,
                (s, v) => v ? With(s, s.Config.Snapshot with { HardDeletes = HardDeletes.Invalidate }) : s
            )
            .Optional(
                "valid_to_current",
                "SQL for the end of a snapshot's current versions, if not null.",
                YamlScalars.Text,
                (s, v) => With(s, s.Config.Snapshot with { ValidToCurrent = v })
            )
            .Alias("dbt_valid_to_current");

    private static ImmutableArray<string> AllIsEmpty(ImmutableArray<string> columns) =>
        columns is ["all"] ? [] : columns;

    private static ModelSettings With(ModelSettings settings, SnapshotConfig snapshot) =>
        settings with
        {
            Config = settings.Config with { Snapshot = snapshot },
        };
}
