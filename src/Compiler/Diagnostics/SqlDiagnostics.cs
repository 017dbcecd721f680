using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST4xxx: the SQL that templates render to.</summary>
public static class SqlDiagnostics
{
    public const string DoubledColumn = "ST4011";

    /// <summary>The code of <see cref="SystemColumn"/>.</summary>
    public const string SystemColumnCode = "ST4012";

    public static Diagnostic PrivateUseCharacter(SourceSpan span) =>
        new(
            "ST4001",
            Severity.Error,
            span,
            $"character U+{(int)span.Text[0]:X4} is reserved for the compiler"
        )
        {
            Hint = "take it out; in SQL text write it as an escape or build it with chr()",
        };

    public static Diagnostic NoStatement(SourceSpan span, string node) =>
        new("ST4002", Severity.Error, span, $"{node} has no SQL")
        {
            Hint = "it renders to nothing, or to comments only; write a query, or disable it",
        };

    public static Diagnostic TrailingSemicolon(SourceSpan span, string node) =>
        new("ST4003", Severity.Error, span, $"{node} ends with a semicolon")
        {
            Hint = "take it out: the query becomes part of a larger statement",
        };

    public static Diagnostic SeveralStatements(SourceSpan span, string node) =>
        new("ST4004", Severity.Error, span, $"{node} has more than one statement")
        {
            Hint = "keep one query; statements before or after it belong in pre_hook and post_hook",
        };

    public static Diagnostic Unclosed(SourceSpan span, string what) =>
        new("ST4005", Severity.Error, span, $"this {what} is not closed");

    public static Diagnostic CannotAskHere(SourceSpan span, string function) =>
        new("ST4006", Severity.Error, span, $"'{function}' works in models only")
        {
            Hint =
                "move the query into a model: tests and hooks are rendered before any database is connected to",
        };

    public static Diagnostic EphemeralAsks(SourceSpan span, string model) =>
        new(
            "ST4007",
            Severity.Error,
            span,
            $"ephemeral model '{model}' queries its database while it is rendered"
        )
        {
            Hint =
                "make it a view: the SQL of an ephemeral model is copied into its readers before anything runs",
        };

    public static Diagnostic TooManyQuestions(SourceSpan span, string model, int rounds) =>
        new(
            "ST4008",
            Severity.Error,
            span,
            $"model '{model}' still runs new queries after it was rendered {rounds} times"
        )
        {
            Hint = "read everything with one run_query; here each result leads to another",
        };

    /// <param name="ofFiles">Some of them are columns that reading landed files adds.</param>
    public static Diagnostic DoubledColumns(
        SourceSpan span,
        string model,
        ImmutableArray<string> columns,
        bool ofFiles
    ) =>
        new(
            DoubledColumn,
            Severity.Error,
            span,
            $"the query of '{model}' returns {(columns.Length == 1 ? "a column" : "columns")} more than once: {string.Join(", ", columns)}"
        )
        {
            Hint = ofFiles
                ? "name each column once, or rename the second with 'as'; '*' of landed files includes _source_file, _source_row, _ingested_at and _batch_id"
                : "name each column once, or rename the second with 'as'; '*' includes every column already",
        };

    /// <param name="subject">What has the column, with the verb.</param>
    public static Diagnostic SystemColumn(
        SourceSpan span,
        string subject,
        string column,
        string engine,
        string hint
    ) =>
        new(
            SystemColumnCode,
            Severity.Error,
            span,
            $"{subject} a column '{column}', a name by which {engine} tells the rows of a table apart"
        )
        {
            Hint = hint,
        };

    /// <summary>What a template of the project found wrong.</summary>
    public static Diagnostic Raised(SourceSpan span, string message) =>
        new("ST4010", Severity.Error, span, message);

    public static Diagnostic TooManyRows(SourceSpan span, int limit) =>
        new("ST4009", Severity.Error, span, $"this query returns more than {limit} rows")
        {
            Hint = "run_query is for small lists that shape SQL; aggregate, filter or limit the query",
        };
}
