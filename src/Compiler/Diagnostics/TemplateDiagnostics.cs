using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST20xx: what is wrong with the text of a template, found before anything is rendered.</summary>
public static class TemplateDiagnostics
{
    public static Diagnostic Expected(SourceSpan span, string expected, string found) =>
        Error("ST2001", span, $"expected {expected}, found {found}");

    public static Diagnostic ExpressionExpected(SourceSpan span, string expected, string found) =>
        Error("ST2002", span, $"expected {expected}, found {found}");

    public static Diagnostic EndOfStatementExpected(SourceSpan span, string found) =>
        Error("ST2003", span, $"expected the end of the statement, found {found}") with
        {
            Hint = found switch
            {
                "'='" => "compare with '=='; name an argument with ':'",
                "','" => "arguments without parentheses are separated by blanks",
                "'|'" => "end the line before with '|'",
                _ => "a new line or ';' separates statements",
            },
        };

    public static Diagnostic BlockNotClosed(SourceSpan opening, string keyword) =>
        Error("ST2004", opening, $"'{keyword}' is never closed") with
        {
            Hint = "every block is closed by its own {{ end }}",
        };

    public static Diagnostic EndWithoutBlock(SourceSpan span) =>
        Error("ST2005", span, "this 'end' closes no block");

    public static Diagnostic MisplacedBranch(SourceSpan span, string word) =>
        Error("ST2006", span, $"'{word}' does not belong to this block") with
        {
            Hint =
                word == "when"
                    ? "'when' stands directly inside of 'case'"
                    : "'else' follows the sections of 'if', 'case' or 'for', once and last",
        };

    public static Diagnostic MisspelledElseIf(SourceSpan span, string word) =>
        Error("ST2007", span, $"'{word}' is not a keyword") with
        {
            Hint = "write 'else if'",
        };

    public static Diagnostic DelimiterNotClosed(
        SourceSpan span,
        string expected,
        string found,
        SourceSpan opening
    ) =>
        Error("ST2008", span, $"expected {expected}, found {found}") with
        {
            Notes = [new DiagnosticNote(span, $"{expected} is missing"), new DiagnosticNote(opening, "opened here")],
        };

    public static Diagnostic CodeBlockNotClosed(SourceSpan opening) =>
        Error("ST2009", opening, "this code block is never closed") with
        {
            Hint = "close it with '}}'",
        };

    public static Diagnostic EscapeBlockNotClosed(SourceSpan opening, string closing) =>
        Error("ST2010", opening, $"this escape block is never closed by '{closing}'");

    public static Diagnostic StringNotClosed(SourceSpan opening) =>
        Error("ST2011", opening, "this string is never closed");

    public static Diagnostic InvalidEscape(SourceSpan span, char character) =>
        Error("ST2012", span, $"'\\{Printable(character)}' is not an escape sequence") with
        {
            Hint =
                "write '\\\\' for a backslash, or put the string between backticks, where nothing is escaped",
        };

    public static Diagnostic InterpolationNotClosed(SourceSpan span) =>
        Error("ST2013", span, "an expression inside a string must be closed on its line") with
        {
            Hint = "close it with '}'; write '\\{' for the brace itself",
        };

    public static Diagnostic InvalidNumber(SourceSpan span, string text) =>
        Error(
            "ST2014",
            span,
            $"'{(text.Length > 40 ? string.Concat(text.AsSpan(0, 40), "...") : text)}' is not a number"
        ) with
        {
            Hint = "a number with a negative exponent needs a decimal point: 1.0e-7",
        };

    public static Diagnostic InvalidCharacter(SourceSpan span, char character) =>
        Error("ST2015", span, $"'{Printable(character)}' has no meaning in code") with
        {
            Hint = character == '&' ? "write '&&'" : null,
        };

    public static Diagnostic ObjectMemberExpected(SourceSpan span, string found) =>
        Error("ST2016", span, $"expected the name of a member, found {found}") with
        {
            Hint = "an object is written {name: value, \"other name\": value}",
        };

    public static Diagnostic AssignmentNotAllowed(SourceSpan span) =>
        Error("ST2017", span, "an assignment must be a statement of its own") with
        {
            Hint = "compare with '=='",
        };

    public static Diagnostic InvalidAssignmentTarget(SourceSpan span) =>
        Error("ST2018", span, "only a variable, a member or an index can be assigned to");

    public static Diagnostic UnknownLoopVariable(SourceSpan span, string loop, string name) =>
        Error("ST2019", span, $"'{loop}' has no member '{name}'") with
        {
            Hint = $"known are {string.Join(", ", Templating.Syntax.LoopVariables.NamesOf(loop))}",
        };

    public static Diagnostic RequiredParameterAfterOptional(SourceSpan span, string name) =>
        Error("ST2020", span, $"parameter '{name}' needs a default, because the one before it has one");

    public static Diagnostic ParameterAfterVariadic(SourceSpan span, string name) =>
        Error("ST2021", span, $"parameter '{name}' follows one that takes all the rest");

    public static Diagnostic DuplicateParameter(SourceSpan span, string name) =>
        Error("ST2022", span, $"parameter '{name}' is declared twice");

    public static Diagnostic DefaultNotConstant(SourceSpan span, string name) =>
        Error("ST2023", span, $"the default of parameter '{name}' is not a constant") with
        {
            Hint = "use null as the default, and ?? in the body",
        };

    public static Diagnostic UnexpectedInCase(SourceSpan span, string found) =>
        Error("ST2024", span, $"expected 'when' inside of 'case', found {found}");

    public static Diagnostic TemplateNestsTooDeeply(SourceSpan span, int limit) =>
        Error("ST2025", span, $"the template nests more than {limit} levels deep") with
        {
            Hint = "split the expression with variables, or move parts into macros",
        };

    private static string Printable(char character) =>
        char.IsControl(character) ? $"U+{(int)character:X4}" : character.ToString();

    private static Diagnostic Error(string code, SourceSpan span, string message) =>
        new(code, Severity.Error, span, message);
}
