using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST106x: models that would lose, keep or never have rows in silence.</summary>
public static class IncrementalDiagnostics
{
    /// <param name="source">The landed files that it reads.</param>
    public static Diagnostic MarkOverFiles(SourceSpan span, string model, string source) =>
        new(
            "ST1060",
            Severity.Warning,
            span,
            $"'{model}' skips rows of '{source}' that are not newer than those it has: a file is taken in once, so a late row in it is never read again"
        )
        {
            Hint = "remove the condition: in a batch, the source has only the new files",
        };

    /// <param name="source">Landed files that it reads together with others.</param>
    public static Diagnostic BatchesDoNotMeet(SourceSpan span, string model, string source) =>
        new(
            "ST1063",
            Severity.Warning,
            span,
            $"'{model}' joins '{source}' with other landed files: a batch has only the new files of each, so rows that come on different days never meet"
        )
        {
            Hint =
                "take in each source with a model of its own and join these models: a table joins all rows, an incremental model those that have changed",
        };

    /// <param name="view">The view that asks; null for the model itself.</param>
    /// <param name="isView">Whether the model is a view itself: it keeps the start of the run that made it, or reads a copy.</param>
    public static Diagnostic RowsOfATime(SourceSpan span, string model, string? view, bool isView) =>
        new(
            "ST1062",
            Severity.Warning,
            span,
            $"the rows of '{model}' depend on the current time{(view is null ? "" : $", which '{view}' reads")}, but "
                + (
                    !isView ? "it is built only when something that it reads has changed"
                    : view is null ? "the view contains the start time of the run that made it"
                    : "it reads a copy that is made only when something has changed"
                )
        )
        {
            Hint =
                "set rebuild_every: day to rebuild it in the first run of each day (UTC), or run for every run; if it is right as it is, set change",
        };

    /// <param name="every">Its <c>rebuild_every</c>.</param>
    /// <param name="why">Of what a batch is made.</param>
    public static Diagnostic BatchOfATime(SourceSpan span, string model, string every, string why) =>
        new(
            "ST1064",
            Severity.Warning,
            span,
            $"the rows of '{model}' depend on the current time, but rebuild_every: {every} does not rebuild old ones: {why}"
        )
        {
            Hint =
                "read the time in a view or table over it; if the rows are right as they are, set rebuild_every: change",
        };

    /// <param name="upstream">The model whose changes it reads.</param>
    /// <param name="why">Why rows of the upstream go.</param>
    /// <param name="isCdc">The model takes the rows for events.</param>
    /// <param name="readsRows">The changes say which keys are built again; their rows are read from the upstream itself.</param>
    public static Diagnostic DeletesPassedOver(
        SourceSpan span,
        string model,
        string upstream,
        string why,
        bool isCdc,
        bool readsRows
    ) =>
        new(
            "ST1061",
            Severity.Warning,
            span,
            readsRows
                ? $"'{model}' rebuilds what the changes of '{upstream}' touch, which can delete rows ({why}): a key or partition with no rows left is in no batch, so its old rows stay"
                : $"'{model}' reads the changes of '{upstream}', which can delete rows ({why}), but does not look at '_change': a deleted row is taken in like any other"
        )
        {
            Hint = (readsRows, isCdc) switch
            {
                (true, _) =>
                    $"use a microbatch model, or a cdc model that left joins '{upstream}' to the touched keys (apply_as_deletes: \"n = 0\"): both remove what has no rows left",
                (_, true) =>
                    "add where _change <> 'delete' to leave out deleted events; what they did stays until a --full-refresh",
                _ =>
                    "follow it with a cdc model (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\"), or write "
                        + "where _change <> 'delete' to keep deleted rows here",
            },
        };
}
