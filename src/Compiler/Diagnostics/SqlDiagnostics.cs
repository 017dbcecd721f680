using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST4xxx: the SQL that templates render to.</summary>
public static class SqlDiagnostics
{
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
}
