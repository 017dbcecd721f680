using Strata.Compiler.Manifest.Models;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>The part of a fingerprint that only models with a history, or a hidden one, have.</summary>
internal static class HistoryFingerprint
{
    public static void Add(Fingerprint fingerprint, ModelConfig config)
    {
        var (cdc, snapshot, names) = (config.Cdc, config.Snapshot, config.History);
        fingerprint
            .Add("sequence_by", cdc.SequenceBy)
            .Add("apply_as_deletes", cdc.ApplyAsDeletes ?? "")
            .Add("cdc", [$"{cdc.ScdType}", $"{cdc.IgnoreNullUpdates}", $"{cdc.TombstoneRetention}"])
            .Add("track_history_columns", cdc.TrackHistoryColumns)
            .Add("track_history_except_columns", cdc.TrackHistoryExceptColumns)
            .Add("except_columns", cdc.ExceptColumns)
            .Add("snapshot", [$"{snapshot.Strategy}", snapshot.UpdatedAt ?? "", $"{snapshot.HardDeletes}"])
            .Add("check_cols", snapshot.CheckColumns)
            .Add("valid_to_current", snapshot.ValidToCurrent ?? "")
            .Add(
                "history",
                [
                    names.ValidFrom,
                    names.ValidTo,
                    names.IsCurrent,
                    names.ScdId,
                    names.UpdatedAt,
                    names.IsDeleted,
                ]
            );
    }
}
