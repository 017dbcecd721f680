using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST806x: what <c>strata prove</c> finds.</summary>
public static class ProveDiagnostics
{
    public static Diagnostic Differs(
        SourceSpan span,
        string model,
        string schedule,
        string summary,
        ImmutableArray<string> example,
        string cause
    ) =>
        new(
            "ST8061",
            Severity.Error,
            span,
            $"model '{model}' depends on how its rows arrive ({schedule}): {summary}"
        )
        {
            Details = example,
            Hint = cause,
        };

    /// <param name="because">What the engine or the runner said.</param>
    public static Diagnostic NotProven(SourceSpan span, string model, string reason, Diagnostic? because) =>
        new("ST8062", Severity.Warning, span, $"model '{model}' is not proven: {reason}")
        {
            Details = because is null ? [] : [$"{because.Code}: {because.Message}", .. because.Details],
        };

    /// <param name="inABatch">Whether a batch failed; else the full build over what the batches brought.</param>
    public static Diagnostic CannotReplay(
        SourceSpan span,
        string model,
        string schedule,
        bool inABatch,
        ImmutableArray<string> example,
        string cause
    ) =>
        new(
            "ST8063",
            Severity.Error,
            span,
            inABatch
                ? $"model '{model}' takes in all rows at once, but not in batches ({schedule})"
                : $"model '{model}' takes in its rows, but can then no longer be rebuilt from nothing ({schedule})"
        )
        {
            Details = example,
            Hint = cause,
        };

    public static Diagnostic NotIncremental(SourceSpan span, string model) =>
        new("ST8060", Severity.Error, span, $"model '{model}' is not incremental: there is nothing to prove")
        {
            Hint =
                "every run builds it from nothing; 'strata ls -s config.materialized:incremental' lists incremental models",
        };
}
