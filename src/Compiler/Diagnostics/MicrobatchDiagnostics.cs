using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST1030 and up, ST7030 and up: models that are built in batches by event time.</summary>
public static class MicrobatchDiagnostics
{
    private const string LeftOut = "ST7032";

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
        ImmutableArray<string> inputs,
        ImmutableArray<string> seeds
    ) =>
        new(
            "ST1032",
            Severity.Error,
            span,
            $"no input of microbatch model '{model}' declares 'event_time': every batch would contain all rows"
        )
        {
            Hint = (inputs.IsEmpty, seeds.IsEmpty) switch
            {
                (true, true) => "it reads nothing; use another materialization",
                (false, _) => $"add event_time to the config of {Named(inputs)}",
                _ =>
                    $"a seed has no event_time: select {Named(seeds)} in a model whose config has it, and read that model",
            },
        };

    private static string Named(ImmutableArray<string> names) =>
        string.Join(" or ", names.Select(name => $"'{name}'"));

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
            $"batch {batch} of '{model}' has {rows} {(rows == 1 ? "row" : "rows")} of other periods, according to '{column}'"
        )
        {
            Hint =
                $"'{column}' must be the event_time that the inputs are divided by, or every batch would add such rows again",
        };

    /// <param name="planned">How many were to be built, those that were not tried after a failure among them.</param>
    public static Diagnostic BatchesFailed(
        SourceSpan span,
        string model,
        int planned,
        int failed,
        int untried,
        ImmutableArray<string> names
    ) =>
        new(
            "ST7031",
            Severity.Error,
            span,
            $"{failed} of {planned} {(planned == 1 ? "batch" : "batches")} of '{model}' failed"
                + (untried == 0 ? "" : $", and {untried} {(untried == 1 ? "was" : "were")} not tried")
        )
        {
            Details = [.. names],
            Hint =
                failed + untried == planned
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
            LeftOut,
            Severity.Warning,
            span,
            $"{rows.ToString("N0", CultureInfo.InvariantCulture)} {(rows == 1 ? "row" : "rows")} of '{input}' {(rows == 1 ? "lies" : "lie")} "
                + $"before 'begin' of '{model}' ({begin}), the first at {first}: no batch covers {(rows == 1 ? "it" : "them")}"
        )
        {
            Hint = "to take them in, set an earlier begin and rebuild with --full-refresh",
        };

    /// <summary>Of rows whose time means that there is none.</summary>
    public static Diagnostic Endless(SourceSpan span, string model, long rows, string input, string first) =>
        new(
            LeftOut,
            Severity.Warning,
            span,
            $"{rows.ToString("N0", CultureInfo.InvariantCulture)} {(rows == 1 ? "row" : "rows")} of '{input}' {(rows == 1 ? "lies" : "lie")} "
                + $"behind all batches of '{model}', the first at {first}: no batch will ever cover {(rows == 1 ? "it" : "them")}"
        )
        {
            Hint =
                $"where no time is known, let '{input}' have null: rows without event time are a batch of their own",
        };
}
