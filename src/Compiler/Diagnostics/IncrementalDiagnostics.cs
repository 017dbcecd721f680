using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST106x: incremental models that would lose or keep rows in silence.</summary>
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

    /// <param name="upstream">The model whose changes it reads.</param>
    /// <param name="why">Why rows of the upstream go.</param>
    public static Diagnostic DeletesPassedOver(SourceSpan span, string model, string upstream, string why) =>
        new(
            "ST1061",
            Severity.Warning,
            span,
            $"'{model}' reads the changes of '{upstream}', whose rows may go ({why}), and does not look at '_change': a deleted row is taken in like any other"
        )
        {
            Hint =
                "follow it with a cdc model (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\"), or write "
                + "where _change <> 'delete', if rows that went are to stay here",
        };
}
