using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST1030 and up, ST7030 and up: models that are built in batches by event time.</summary>
public static class MicrobatchDiagnostics
{
    public static Diagnostic Lacks(SourceSpan span, string model, ImmutableArray<string> keys) =>
        new(
            "ST1030",
            Severity.Error,
            span,
            $"microbatch model '{model}' lacks {string.Join(" and ", keys.Select(key => $"'{key}'"))}"
        )
        {
            Hint = "for example: event_time: \"ordered_at\" batch_size: \"day\" begin: \"2026-01-01\"",
        };

    public static Diagnostic ReadsChanges(SourceSpan span, string model) =>
        new("ST1031", Severity.Error, span, $"microbatch model '{model}' reads changes of another model")
        {
            Hint = "a batch reads its inputs by event time: use ref, or another incremental_strategy",
        };

    public static Diagnostic NoInputHasEventTime(
        SourceSpan span,
        string model,
        ImmutableArray<string> inputs
    ) =>
        new(
            "ST1032",
            Severity.Error,
            span,
            $"no input of microbatch model '{model}' declares 'event_time': every batch would hold all rows"
        )
        {
            Hint = inputs.IsEmpty
                ? "it reads nothing; use another materialization"
                : $"add event_time to the config of {string.Join(" or ", inputs.Select(name => $"'{name}'"))}",
        };

    public static Diagnostic RowsOutside(
        SourceSpan span,
        string model,
        string batch,
        long rows,
        string column
    ) =>
        new(
            "ST7030",
            Severity.Error,
            span,
            $"batch {batch} of '{model}' holds {rows} {(rows == 1 ? "row" : "rows")} of other periods, by '{column}'"
        )
        {
            Hint =
                $"'{column}' must be the time that the inputs are divided by: such a row would come again with every batch",
        };

    public static Diagnostic BatchesFailed(
        SourceSpan span,
        string model,
        int planned,
        int failed,
        ImmutableArray<string> names
    ) =>
        new("ST7031", Severity.Error, span, $"{failed} of {planned} batches of '{model}' failed")
        {
            Details = [.. names],
            Hint =
                failed == planned
                    ? "nothing of it was published; the next run tries them again"
                    : "what was published stays; the next run tries these again",
        };

    public static Diagnostic BeforeBegin(
        SourceSpan span,
        string model,
        long rows,
        string input,
        string begin,
        string first
    ) =>
        new(
            "ST7032",
            Severity.Warning,
            span,
            $"{rows.ToString("N0", CultureInfo.InvariantCulture)} {(rows == 1 ? "row" : "rows")} of '{input}' {(rows == 1 ? "lies" : "lie")} "
                + $"before 'begin' of '{model}' ({begin}), the first at {first}: no batch holds {(rows == 1 ? "it" : "them")}"
        )
        {
            Hint = "an earlier begin takes them in, with --full-refresh",
        };
}
