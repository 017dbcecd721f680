using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST705x: change events and histories.</summary>
public static class HistoryDiagnostics
{
    public static Diagnostic NoSequence(SourceSpan span, string model, string column, long events) =>
        new(
            "ST7050",
            Severity.Error,
            span,
            $"{Events(events)} of '{model}' {Have(events)} no '{column}', so their order is unknown"
        )
        {
            Hint = "filter such rows out in the query, or give them a value there; nothing was applied",
        };

    public static Diagnostic SameSequence(
        SourceSpan span,
        string model,
        IEnumerable<string> sequence,
        long events
    ) =>
        new(
            "ST7051",
            Severity.Warning,
            span,
            $"{Events(events)} of '{model}' {Have(events)} the same key and sequence ({string.Join(", ", sequence)}) as another, but different content"
        )
        {
            Hint =
                "add a column to sequence_by that tells them apart; until then, a hash of the content decides which comes later, always the same one",
        };

    /// <param name="retention">How long deletes are remembered now; null for ever.</param>
    public static Diagnostic LateDropped(SourceSpan span, string model, TimeSpan? retention, long events) =>
        new(
            "ST7052",
            Severity.Warning,
            span,
            $"{Events(events)} of '{model}' came too late and {(events == 1 ? "was" : "were")} not applied: older than a delete that is no longer remembered"
        )
        {
            Hint = retention is { } time
                ? $"raise tombstone_retention (deletes are remembered for {Words(time)}), or rebuild with --full-refresh"
                : "to apply all events, rebuild with --full-refresh; the delete was forgotten while a tombstone_retention was set",
        };

    public static Diagnostic TakenBack(SourceSpan span, string model, long events) =>
        new(
            "ST7053",
            Severity.Warning,
            span,
            $"{Events(events)} that '{model}' reads {Have(events)} been deleted upstream; what they did is not undone"
        )
        {
            Hint = $"to apply the remaining events only: --full-refresh --select {model}",
        };

    public static Diagnostic StateUnfit(SourceSpan span, string model, string why) =>
        new(
            "ST7055",
            Severity.Error,
            span,
            $"'{model}' must be rebuilt from all events ({why}), but its full_refresh: false forbids that"
        )
        {
            Hint = $"remove full_refresh: false from '{model}' for one run",
        };

    public static Diagnostic ColumnTaken(SourceSpan span, string node, string column) =>
        new(
            "ST7056",
            Severity.Error,
            span,
            $"the query of '{node}' returns a column '{column}', and its history adds one of that name"
        )
        {
            Hint =
                "rename it in the query, or give the history's column another name in snapshot_meta_column_names",
        };

    public static Diagnostic NotAHistory(
        SourceSpan span,
        string node,
        string relation,
        ImmutableArray<string> missing
    ) =>
        new(
            "ST7054",
            Severity.Error,
            span,
            $"'{relation}' is not a history that '{node}' could continue: it has no {string.Join(", ", missing.Select(c => $"'{c}'"))}"
        )
        {
            Hint =
                "rename or drop that table, or name its columns in snapshot_meta_column_names; it was not touched",
        };

    /// <param name="ofDeletes">What asks for it: hard deletes, else strategy check.</param>
    public static Diagnostic NotAnInstant(
        SourceSpan span,
        string snapshot,
        string column,
        string type,
        bool ofDeletes
    ) =>
        new(
            "ST7057",
            Severity.Error,
            span,
            $"{(ofDeletes ? "hard_deletes" : "strategy check")} of '{snapshot}' needs versions that begin with a timestamp, "
                + $"but '{column}' is of type {type}"
        )
        {
            Hint =
                "make updated_at a timestamp in the query, or "
                + (
                    ofDeletes
                        ? "leave hard_deletes out"
                        : "leave updated_at out: versions then begin with the run"
                ),
        };

    public static Diagnostic NeverUpdated(SourceSpan span, string snapshot, string column, long rows) =>
        new(
            "ST7058",
            Severity.Error,
            span,
            $"{rows} {(rows == 1 ? "row" : "rows")} of '{snapshot}' {(rows == 1 ? "has" : "have")} no '{column}', so it is unknown when a version begins"
        )
        {
            Hint = "coalesce it to a time in the query, or use strategy check; nothing was written",
        };

    private static string Events(long count) => count == 1 ? "1 event" : $"{count} events";

    private static string Have(long count) => count == 1 ? "has" : "have";

    private static string Words(TimeSpan length) =>
        length.TotalDays == 1 ? "1 day"
        : length.TotalDays == Math.Floor(length.TotalDays) ? $"{length.TotalDays:0} days"
        : length.TotalHours == Math.Floor(length.TotalHours) ? $"{length.TotalHours:0} hours"
        : $"{length.TotalMinutes:0} minutes";
}
