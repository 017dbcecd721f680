using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// ST5xxx: what engines say, and connections that are configured wrongly. A subject is what the statement
/// was for, as the user knows it: <c>model 'daily_revenue'</c>; the engine's own words become the details.
/// </summary>
public static class EngineDiagnostics
{
    public static Diagnostic Unreachable(SourceSpan? span, string connection, string words, string? hint) =>
        new("ST5001", Severity.Error, span, $"connection '{connection}' cannot be used")
        {
            Details = [.. Lines(words)],
            Hint = hint ?? "'strata debug' checks every connection",
        };

    /// <summary>The code of <see cref="Rejected"/>, which may have a reason that is worth looking for.</summary>
    public const string RejectedStatement = "ST5002";

    public static Diagnostic Rejected(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) => About(RejectedStatement, span, $"{engine} rejected {subject}", words, hint);

    public static Diagnostic BadData(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) => About("ST5003", span, $"{subject} failed on its data in {engine}", words, hint);

    public static Diagnostic BadFile(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) => About("ST5004", span, $"{engine} could not read a file for {subject}", words, hint);

    public static Diagnostic ConnectionLost(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5005",
            span,
            $"{engine} was lost while working on {subject}",
            words,
            hint ?? "check that the server is up, then run the same command again"
        );

    public static Diagnostic Denied(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5006",
            span,
            $"{engine} denied {subject}",
            words,
            hint ?? "check user, password and grants; 'strata debug' shows which rights are missing"
        );

    public static Diagnostic Locked(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5007",
            span,
            $"{engine} is held by another process, so {subject} could not run",
            words,
            hint
                ?? "wait for the other process to end, or close the client that has the database open; to read while runs write, "
                    + "keep a copy of the file that is made between two of them"
        );

    public static Diagnostic Conflict(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5008",
            span,
            $"{subject} met a lock or a conflicting change in {engine}",
            words,
            hint ?? "run the same command again when the other session is done"
        );

    public static Diagnostic OutOfResources(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5009",
            span,
            $"{engine} ran out of resources for {subject}",
            words,
            hint
                ?? "free disk space, or give the connection more memory or connections, then run the same command again"
        );

    public static Diagnostic Unsupported(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) => About("ST5010", span, $"{engine} cannot do what {subject} asks for", words, hint);

    public static Diagnostic Failed(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) => About("ST5011", span, $"{engine} failed on {subject}", words, hint);

    public static Diagnostic UnknownOption(
        SourceSpan span,
        string connection,
        string engine,
        string option,
        IReadOnlyCollection<string> allowed
    ) =>
        new("ST5012", Severity.Error, span, $"connection '{connection}' has the unknown option '{option}'")
        {
            Hint =
                Suggestions.DidYouMean(option, allowed)
                ?? $"{engine} has: {string.Join(", ", allowed.Order(StringComparer.Ordinal))}",
        };

    public static Diagnostic OptionValue(
        SourceSpan span,
        string connection,
        string option,
        string value,
        string expected
    ) =>
        new(
            "ST5013",
            Severity.Error,
            span,
            $"'{value}' is not a valid value for option '{option}' of connection '{connection}'"
        )
        {
            Hint = $"write {expected}",
        };

    public static Diagnostic OptionMissing(
        SourceSpan span,
        string connection,
        string option,
        string meaning
    ) =>
        new("ST5014", Severity.Error, span, $"connection '{connection}' lacks the option '{option}'")
        {
            Hint = $"'{option}' is {meaning}",
        };

    public static Diagnostic LossyColumn(
        SourceSpan? span,
        string engine,
        string relation,
        string column,
        string problem,
        string? hint
    ) =>
        new(
            "ST5015",
            Severity.Error,
            span,
            $"column '{column}' of '{relation}' cannot be moved to {engine} without loss"
        )
        {
            Details = [.. Lines(problem)],
            Hint = hint,
        };

    /// <summary>Where only reading is meant, something else was given.</summary>
    public static Diagnostic OnlyReads(
        SourceSpan? span,
        string engine,
        string subject,
        string words,
        string? hint
    ) =>
        About(
            "ST5016",
            span,
            $"{subject} is refused: it may only read from {engine}",
            words,
            hint ?? "write one select; what changes tables belongs in a model or a hook"
        );

    /// <summary>A name in front of a table could be either.</summary>
    /// <param name="database">What the database is, in words.</param>
    public static Diagnostic SchemaNamedAsDatabase(
        SourceSpan span,
        string schema,
        string database,
        string example,
        string hint
    ) =>
        new("ST5017", Severity.Error, span, $"schema '{schema}' has the name of {database}")
        {
            Details =
            [
                $"in '{schema}.{example}', duckdb could not tell the schema from the database, so it refuses the name",
            ],
            Hint = hint,
        };

    private static Diagnostic About(
        string code,
        SourceSpan? span,
        string message,
        string words,
        string? hint
    ) => new(code, Severity.Error, span, message) { Details = [.. Lines(words)], Hint = hint };

    private static string[] Lines(string words) => words.Trim().ReplaceLineEndings("\n").Split('\n');
}
