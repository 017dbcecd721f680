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
            $"'{model}' leaves out rows of '{source}' that are not newer than those it has: a file is taken in once, and a late row in it is never read again"
        )
        {
            Hint = "leave the condition out: in a batch, the source gives only the files that are new",
        };

    /// <param name="source">Landed files that it reads together with others.</param>
    public static Diagnostic BatchesDoNotMeet(SourceSpan span, string model, string source) =>
        new(
            "ST1063",
            Severity.Warning,
            span,
            $"'{model}' joins '{source}' with other landed files: a batch has the new files of each, so rows that come on different days never meet"
        )
        {
            Hint =
                "take each source in with a model of its own, and join these: a table joins all rows, an incremental model those that have changed",
        };

    /// <param name="view">The view that asks; null for the model itself.</param>
    /// <param name="isView">Whether the model is a view itself: it keeps the start of the run that made it, or reads a copy.</param>
    public static Diagnostic RowsOfATime(SourceSpan span, string model, string? view, bool isView) =>
        new(
            "ST1062",
            Severity.Warning,
            span,
            $"the rows of '{model}' depend on the time{(view is null ? "" : $", which '{view}' asks for")}, and "
                + (
                    !isView ? "it is built only when something that it reads has changed"
                    : view is null ? "the start of the run that made it stands in the view"
                    : "it reads a copy that is made only when something has changed"
                )
        )
        {
            Hint =
                "rebuild_every: day makes it due in the first run of each day (UTC), run in every run; change says that it is right as it is",
        };

    /// <param name="every">Its <c>rebuild_every</c>.</param>
    /// <param name="why">Of what a batch is made.</param>
    public static Diagnostic BatchOfATime(SourceSpan span, string model, string every, string why) =>
        new(
            "ST1064",
            Severity.Warning,
            span,
            $"the rows of '{model}' depend on the time, and rebuild_every: {every} does not make old ones anew: {why}"
        )
        {
            Hint =
                "ask for the time in a view or a table over it; rebuild_every: change says that the rows are right as they are",
        };

    /// <param name="upstream">The model whose changes it reads.</param>
    /// <param name="why">Why rows of the upstream go.</param>
    /// <param name="isCdc">The model takes the rows for events.</param>
    public static Diagnostic DeletesPassedOver(
        SourceSpan span,
        string model,
        string upstream,
        string why,
        bool isCdc
    ) =>
        new(
            "ST1061",
            Severity.Warning,
            span,
            $"'{model}' reads the changes of '{upstream}', whose rows may go ({why}), and does not look at '_change': a deleted row is taken in like any other"
        )
        {
            Hint = isCdc
                ? "where _change <> 'delete' leaves events out that went; what they did stays until --full-refresh reads those that are there"
                : "follow it with a cdc model (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\"), or write "
                    + "where _change <> 'delete', if rows that went are to stay here",
        };
}
