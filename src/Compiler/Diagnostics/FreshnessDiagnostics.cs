using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST606x: how old the rows of sources may be, and how old they are.</summary>
public static class FreshnessDiagnostics
{
    public static Diagnostic NoLoadedAt(SourceSpan span, string source) =>
        new(
            "ST6060",
            Severity.Error,
            span,
            $"source '{source}' has freshness, but nothing says when its rows were loaded"
        )
        {
            Hint =
                "add 'loaded_at_field: <column>' or 'loaded_at_query: <sql>'; 'freshness: null' leaves this table out",
        };

    public static Diagnostic FieldAndQuery(SourceSpan span, string source) =>
        new("ST6061", Severity.Error, span, $"source '{source}' has both loaded_at_field and loaded_at_query")
        {
            Hint = "keep one of them",
        };

    /// <param name="looksAt">What is looked at, in place of the rows that a filter could choose from.</param>
    public static Diagnostic UselessFilter(SourceSpan span, string source, string looksAt, string hint) =>
        new(
            "ST6062",
            Severity.Error,
            span,
            $"the freshness of source '{source}' has a filter on its rows, but looks at {looksAt}"
        )
        {
            Hint = hint,
        };

    public static Diagnostic TemplateInQuery(SourceSpan span, string template) =>
        new("ST6063", Severity.Error, span, $"a loaded_at_query may contain no template but '{{{{ this }}}}'")
        {
            Details = [template],
            Hint = "write the name of the relation instead",
        };

    public static Diagnostic NeverWarns(
        SourceSpan span,
        string source,
        FreshnessLimit warn,
        FreshnessLimit error
    ) =>
        new(
            "ST6064",
            Severity.Warning,
            span,
            $"the freshness of source '{source}' never warns: it fails after {error}, before it would warn after {warn}"
        );

    /// <param name="fact">What was found: <c>its newest row is 3 days old</c>.</param>
    public static Diagnostic Stale(
        Severity severity,
        SourceSpan span,
        string source,
        string fact,
        FreshnessLimit limit
    ) =>
        severity == Severity.Error
            ? new Diagnostic("ST6065", severity, span, $"source '{source}' is stale: {fact}")
            {
                Details = [$"error_after: {limit}"],
            }
            : new Diagnostic("ST6066", severity, span, $"source '{source}' is getting old: {fact}")
            {
                Details = [$"warn_after: {limit}"],
            };

    public static Diagnostic CannotTell(SourceSpan span, string source, string problem, string? hint) =>
        new("ST6067", Severity.Error, span, $"cannot tell how fresh source '{source}' is: {problem}")
        {
            Hint = hint,
        };

    public static Diagnostic InTheFuture(SourceSpan span, string source, string fact, string? hint) =>
        new("ST6068", Severity.Warning, span, $"source '{source}' is from the future: {fact}")
        {
            Hint = hint,
        };

    public static Diagnostic NotKept(string connection, string reason) =>
        new(
            "ST6069",
            Severity.Warning,
            null,
            $"the results for connection '{connection}' could not be added to its history: {reason}"
        );

    public static Diagnostic OnlyFilesThatAreThere(string connection, string reason) =>
        new(
            "ST6070",
            Severity.Warning,
            null,
            $"connection '{connection}' was not read: only files that are there now were looked at, and the results were not added to its history"
        )
        {
            Details = [reason],
        };
}
