using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Models;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>What cdc models and snapshots need, and what does not go together there.</summary>
internal static class HistoryChecks
{
    public static void Check(RenderedModel model, DiagnosticBag diagnostics)
    {
        switch (model.Settings.Config.Materialized)
        {
            case Materialization.Cdc:
                CheckCdc(model, diagnostics);
                break;
            case Materialization.Snapshot:
                CheckSnapshot(model, diagnostics);
                break;
            default:
                if (model.Settings.Config.Cdc.SequenceBy.Length > 1)
                    Report(
                        model,
                        diagnostics,
                        "sequence_by",
                        "has several columns in sequence_by, but is not materialized as cdc",
                        "name one column"
                    );
                break;
        }
    }

    private static void CheckCdc(RenderedModel model, DiagnosticBag diagnostics)
    {
        var cdc = model.Settings.Config.Cdc;
        Need("unique_key", "the columns that identify a row");
        Need("sequence_by", "the columns that order the events of a key");
        if (cdc.ScdType != 2 && !(cdc.TrackHistoryColumns.IsEmpty && cdc.TrackHistoryExceptColumns.IsEmpty))
            Report(
                model,
                diagnostics,
                cdc.TrackHistoryColumns.IsEmpty ? "track_history_except_columns" : "track_history_columns",
                "names columns for its history, but keeps none",
                "add scd_type: 2, or leave the option out"
            );
        if (!cdc.TrackHistoryColumns.IsEmpty && !cdc.TrackHistoryExceptColumns.IsEmpty)
            Report(
                model,
                diagnostics,
                "track_history_except_columns",
                "has both track_history_columns and track_history_except_columns",
                "keep one of them"
            );
        if (cdc is { ScdType: 2, TombstoneRetention: not null })
            Report(
                model,
                diagnostics,
                "tombstone_retention",
                "has a tombstone_retention, but keeps its whole history",
                "leave tombstone_retention out: a history keeps the versions of deleted keys, with their end"
            );

        void Need(string option, string what)
        {
            if (!ConfigChecks.IsWritten(model, option))
                Report(
                    model,
                    diagnostics,
                    "materialized",
                    $"is materialized as cdc, but has no {option}",
                    $"give {option}: {what}"
                );
        }
    }

    private static void CheckSnapshot(RenderedModel model, DiagnosticBag diagnostics)
    {
        var snapshot = model.Settings.Config.Snapshot;
        if (!ConfigChecks.IsWritten(model, "unique_key"))
            Report(
                model,
                diagnostics,
                "strategy",
                "has no unique_key",
                "give unique_key: the columns that identify a row"
            );
        if (!ConfigChecks.IsWritten(model, "strategy"))
            Report(model, diagnostics, "strategy", "has no strategy", "give strategy: timestamp or check");
        if (snapshot.Strategy == SnapshotStrategy.Timestamp && !ConfigChecks.IsWritten(model, "updated_at"))
            Report(
                model,
                diagnostics,
                "strategy",
                "has strategy timestamp, but no updated_at",
                "give updated_at: the column that says when a row was last changed"
            );
    }

    private static void Report(
        RenderedModel model,
        DiagnosticBag diagnostics,
        string key,
        string problem,
        string hint
    )
    {
        var kind = model.Settings.Config.Materialized == Materialization.Snapshot ? "snapshot" : "model";
        diagnostics.Add(
            ProjectDiagnostics.Conflict(
                ConfigChecks.PlaceOf(model, key),
                $"{kind} '{model.Draft.Name}' {problem}",
                hint
            ) with
            {
                MayBeMisspelt = true,
            }
        );
    }
}
