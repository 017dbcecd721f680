using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// ST20xx: what is wrong with the text of a template, found before anything is rendered. ST21xx: what goes
/// wrong while it is rendered. ST22xx: a limit was reached.
/// </summary>
public static class TemplateDiagnostics
{
    public static Diagnostic Expected(SourceSpan span, string expected, string found, string? hint = null) =>
        Error("ST2001", span, $"expected {expected}, found {found}") with
        {
            Hint = hint,
        };

    public static Diagnostic ExpressionExpected(SourceSpan span, string expected, string found) =>
        Error("ST2002", span, $"expected {expected}, found {found}");

    public static Diagnostic EndOfStatementExpected(SourceSpan span, string found) =>
        Error("ST2003", span, $"expected the end of the statement, found {found}") with
        {
            Hint = found switch
            {
                "'='" => "compare with '=='; name an argument with ':'",
                "','" => "arguments without parentheses are separated by spaces",
                "'|'" => "end the line before with '|'",
                "'~'" => "strings are joined with '+'",
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
            Notes =
            [
                new DiagnosticNote(span, $"{expected} is missing"),
                new DiagnosticNote(opening, "opened here"),
            ],
            Hint = found == "'='" ? "arguments are named with ':', as in f(name: value)" : null,
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
            Hint = character switch
            {
                '&' => "write '&&'",
                '~' => "strings are joined with '+'",
                _ => null,
            },
        };

    /// <param name="nested">What stands in braces of its own, where it looks like code within code.</param>
    public static Diagnostic ObjectMemberExpected(SourceSpan span, string found, string? nested = null) =>
        Error("ST2016", span, $"expected the name of a member, found {found}") with
        {
            Hint = nested is null
                ? "an object is written {name: value, \"other name\": value}"
                : $"this is code already, without another '{{{{': write ({Shorten(nested)})",
        };

    public static Diagnostic AssignmentNotAllowed(SourceSpan span) =>
        Error("ST2017", span, "an assignment must be a statement of its own") with
        {
            Hint = "compare with '=='",
        };

    public static Diagnostic InvalidAssignmentTarget(SourceSpan span) =>
        Error("ST2018", span, "only a variable, a member or an index can be assigned to") with
        {
            Hint = span.Text.StartsWith("set ", StringComparison.Ordinal)
                ? "write 'name = value', without 'set'"
                : null,
        };

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

    // what these begin is never meant as text
    private static readonly string[] s_jinjaWords =
    [
        "if",
        "elif",
        "else",
        "for",
        "set",
        "macro",
        "call",
        "do",
        "filter",
        "import",
        "from",
        "include",
        "raw",
        "docs",
        "test",
        "snapshot",
        "materialization",
    ];

    /// <param name="keyword">The word behind <c>{%</c>, or <c>#</c> for a comment.</param>
    public static Diagnostic Jinja(SourceSpan span, string keyword) =>
        new(
            "ST2026",
            s_jinjaWords.Contains(
                keyword.StartsWith("end", StringComparison.Ordinal) ? keyword[3..] : keyword
            )
                ? Severity.Error
                : Severity.Warning,
            span,
            keyword == "#"
                ? "'{#' is copied to the output: it is not a comment in this language"
                : $"'{{% {keyword}' is not code in this language, and would be copied to the output"
        )
        {
            Hint = keyword switch
            {
                "#" =>
                    "write '{{ # comment }}', over several lines '{{ ## comment ## }}', or '--' for a SQL comment",
                "if" => "write '{{ if condition }} ... {{ end }}'",
                "elif" => "write '{{ else if condition }}'",
                "else" => "write '{{ else }}'",
                "for" => "write '{{ for x in items }} ... {{ end }}'",
                "set" => "write '{{ name = value }}'",
                "macro" => "write '{{ func name(parameters) }} ... {{ end }}'",
                "do" => "write '{{ statement }}'",
                "test" => "write '{{ func name(model) }} select ... {{ end }}' in a file of tests/generic/",
                "snapshot" =>
                    "write the snapshot in a file of that name in snapshots/: '{{ config ... }}' and its select",
                "raw" or "endraw" => "text with braces goes into '{%{ ... }%}'",
                "docs" or "enddocs" => "write 'description:' in YAML",
                "endif"
                or "endfor"
                or "endmacro"
                or "endset"
                or "endcall"
                or "endtest"
                or "endsnapshot"
                or "endmaterialization" => "write '{{ end }}'",
                _ => "code stands between '{{' and '}}'; text with braces goes into '{%{ ... }%}'",
            },
        };

    /// <summary>The code of <see cref="UnknownVariable"/>.</summary>
    public const string Undefined = "ST2101";

    public static Diagnostic UnknownVariable(SourceSpan span, string name, string? suggestion) =>
        Error(Undefined, span, $"'{name}' is not defined") with
        {
            Hint = suggestion ?? "to ask whether it is defined, write 'name ?? default'",
        };

    /// <summary>The code of <see cref="UnknownFunction"/>.</summary>
    public const string NoFunction = "ST2102";

    /// <param name="word">The first word behind the name, which may be an operator of another language.</param>
    public static Diagnostic UnknownFunction(
        SourceSpan span,
        string name,
        string? word,
        string? suggestion
    ) =>
        Error(NoFunction, span, $"function '{name}' does not exist") with
        {
            Hint = OperatorFor(word) ?? suggestion,
        };

    /// <summary>The code of <see cref="UnknownMember"/>.</summary>
    public const string NoMember = "ST2103";

    public static Diagnostic UnknownMember(SourceSpan span, string name, string target, string? suggestion) =>
        Error(NoMember, span, $"'{Shorten(target)}' has no member '{name}'") with
        {
            Hint = suggestion ?? "to ask whether it has one, write '?.' or 'x.y ?? default'",
        };

    public static Diagnostic NullMember(SourceSpan span, string name, string target) =>
        Error("ST2104", span, $"'{Shorten(target)}' is null, so it has no member '{name}'") with
        {
            Hint = "'?.' gives null instead",
        };

    public static Diagnostic NullIndexed(SourceSpan span, string target) =>
        Error("ST2105", span, $"'{Shorten(target)}' is null, so it has no items");

    public static Diagnostic NullIndex(SourceSpan span) => Error("ST2106", span, "the index is null");

    public static Diagnostic IndexOutOfRange(SourceSpan span, int count) =>
        Error(
            "ST2107",
            span,
            count == 0
                ? "the index is out of range: the array is empty"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"the index is out of range: there are items 0 to {count - 1}, or -1 to -{count} from the end"
                )
        );

    public static Diagnostic InvalidIndex(SourceSpan span, string type) =>
        Error("ST2108", span, $"a value of type {type} cannot be an index");

    public static Diagnostic NotIndexable(SourceSpan span, string type) =>
        Error("ST2109", span, $"a value of type {type} has no items");

    public static Diagnostic NotAssignable(SourceSpan span, string name, string type) =>
        Error("ST2110", span, $"'{name}' cannot be set on a value of type {type}");

    public static Diagnostic ReadonlyVariable(SourceSpan span, string name) =>
        Error("ST2111", span, $"'{name}' is read-only");

    /// <param name="word">The first word behind the value, which may be an operator of another language.</param>
    public static Diagnostic NotAFunction(SourceSpan span, string text, string type, string? word) =>
        Error("ST2112", span, $"'{Shorten(text)}' is of type {type}, not a function") with
        {
            Hint =
                OperatorFor(word)
                ?? "a value followed by another one is a call: separate list items by ',', statements by a new line or ';'",
        };

    /// <summary>How an operator of Jinja is written here; null where the word is none.</summary>
    public static string? OperatorFor(string? word) =>
        word switch
        {
            "and" => "write '&&' for 'and'",
            "or" => "write '||' for 'or'",
            "not" => "write '!' for 'not'",
            "is" => "compare with '=='; 'x is none' is 'x == null'",
            "in" => "write 'list | array.contains item'",
            "if" => "write 'condition ? value : other'",
            _ => null,
        };

    public static Diagnostic WrongArgumentCount(
        SourceSpan span,
        string function,
        int given,
        int required,
        int? most,
        string parameters
    ) =>
        Error(
            "ST2113",
            span,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{function}' takes {Count(required, most)}, but {given} {(given == 1 ? "is" : "are")} given"
            )
        ) with
        {
            Hint = parameters.Length == 0 ? null : $"its parameters are {parameters}",
        };

    public static Diagnostic UnknownNamedArgument(
        SourceSpan span,
        string name,
        string function,
        string? suggestion,
        string parameters
    ) =>
        Error("ST2114", span, $"'{function}' has no parameter '{name}'") with
        {
            Hint = suggestion ?? (parameters.Length == 0 ? null : $"its parameters are {parameters}"),
        };

    public static Diagnostic ArgumentGivenTwice(SourceSpan span, string name, string function) =>
        Error("ST2115", span, $"'{name}' is given twice to '{function}'");

    public static Diagnostic PositionalAfterNamed(SourceSpan span, string function) =>
        Error("ST2116", span, $"a positional argument of '{function}' follows a named one");

    public static Diagnostic InvalidArgument(SourceSpan span, string function, string reason) =>
        Error("ST2117", span, $"'{function}': {reason}");

    public static Diagnostic OperatorNotSupported(
        SourceSpan span,
        string symbol,
        string left,
        string right
    ) => Error("ST2118", span, $"'{symbol}' does not work between {left} and {right}");

    public static Diagnostic NotNumeric(SourceSpan span, string symbol, string type) =>
        Error("ST2119", span, $"'{symbol}' needs a number, not a value of type {type}");

    public static Diagnostic IntegerExpected(SourceSpan span, string type) =>
        Error("ST2120", span, $"expected a whole number, not a value of type {type}");

    public static Diagnostic DivisionByZero(SourceSpan span) => Error("ST2121", span, "division by zero");

    public static Diagnostic NotIterable(SourceSpan span, string type) =>
        Error("ST2122", span, $"a value of type {type} cannot be looped over");

    public static Diagnostic JumpOutsideLoop(SourceSpan span, string word) =>
        Error("ST2123", span, $"'{word}' is outside of a loop");

    public static Diagnostic LoopVariableOutsideLoop(SourceSpan span, string loop) =>
        Error("ST2124", span, $"there is no '{loop}' loop around this");

    public static Diagnostic ObjectExpected(SourceSpan span, string keyword, string type) =>
        Error("ST2125", span, $"'{keyword}' needs an object, not a value of type {type}");

    public static Diagnostic WrapNeedsFunction(SourceSpan span) =>
        Error("ST2126", span, "'wrap' needs the name of a function, with its arguments");

    public static Diagnostic StatementFunction(SourceSpan span, string function) =>
        Error("ST2127", span, $"'{function}' returns nothing, so it cannot be used in an expression");

    public static Diagnostic DateOutOfRange(SourceSpan span) =>
        Error("ST2128", span, "the date is outside of the years 1 to 9999");

    public static Diagnostic IncludeNotAvailable(SourceSpan span, string name) =>
        Error("ST2129", span, $"'{name}' cannot be included: there is nothing to include from here");

    public static Diagnostic IncludeNotFound(SourceSpan span, string name) =>
        Error("ST2130", span, $"template '{name}' does not exist");

    public static Diagnostic IncludeHasErrors(SourceSpan span, string name, Diagnostic first) =>
        Error("ST2131", span, $"'{name}' is not a valid template: {first.Message}") with
        {
            Notes = first.Span is { } place
                ? [new DiagnosticNote(span, "used here"), new DiagnosticNote(place, first.Message)]
                : [],
            Hint = first.Hint,
        };

    public static Diagnostic ElementsNotComparable(SourceSpan span, string left, string right) =>
        Error("ST2132", span, $"a value of type {left} and one of type {right} cannot be ordered");

    public static Diagnostic InvalidRegex(SourceSpan span, string reason) =>
        Error("ST2133", span, $"the pattern is not a regular expression: {reason}");

    public static Diagnostic InvalidJson(SourceSpan span, string reason) =>
        Error("ST2134", span, $"the text is not JSON: {reason}");

    public static Diagnostic NumberTooLarge(SourceSpan span) =>
        Error("ST2135", span, "the number is too large");

    public static Diagnostic ShiftTooFar(SourceSpan span, int most) =>
        Error(
            "ST2136",
            span,
            string.Create(CultureInfo.InvariantCulture, $"a number can be shifted by at most {most} bits")
        );

    public static Diagnostic NoDialect(SourceSpan span, string function) =>
        Error("ST2137", span, $"'{function}' needs the dialect of an engine, and there is none here");

    public static Diagnostic HasErrors(SourceSpan span) =>
        Error("ST2138", span, "the template has errors and cannot be rendered");

    public static Diagnostic DuplicateMacro(SourceSpan span, string name, SourceSpan first) =>
        Error("ST2139", span, $"macro '{name}' is defined twice") with
        {
            Notes = [new DiagnosticNote(first, "defined here"), new DiagnosticNote(span, "and again here")],
        };

    public static Diagnostic NotInMacroFile(SourceSpan span, string what) =>
        new("ST2140", Severity.Warning, span, $"{what} has no effect in a macro file")
        {
            Hint = "only functions at the top level of the file become macros",
        };

    public static Diagnostic IterationLimit(SourceSpan span, int limit) =>
        Limit("ST2201", span, $"the loop runs more than {Number(limit)} times", "iterations");

    public static Diagnostic RecursionLimit(SourceSpan span, string name, int limit) =>
        Limit("ST2202", span, $"calling '{name}' nests calls more than {Number(limit)} deep", "recursion");

    public static Diagnostic LengthLimit(SourceSpan span, int limit) =>
        Limit("ST2203", span, $"the text is longer than {Number(limit)} characters", "output_length");

    public static Diagnostic RegexTimeLimit(SourceSpan span, TimeSpan limit) =>
        Limit("ST2204", span, $"the regular expression takes longer than {Seconds(limit)}", "regex_time") with
        {
            Hint =
                "a pattern without nested repetitions is fast; the limit is templates.limits.regex_time in strata.yml",
        };

    public static Diagnostic TimeLimit(SourceSpan span, TimeSpan limit) =>
        Limit("ST2205", span, $"rendering takes longer than {Seconds(limit)}", "total_time");

    public static Diagnostic ObjectTooDeep(SourceSpan span, int limit) =>
        Limit(
            "ST2206",
            span,
            $"the value nests more than {Number(limit)} deep, or contains itself",
            "object_depth"
        );

    public static Diagnostic EvaluationTooDeep(SourceSpan span) =>
        Error("ST2207", span, "the expressions and calls nest too deeply to be evaluated") with
        {
            Hint = "split the expression with variables",
        };

    public static Diagnostic ArrayTooLong(SourceSpan span) =>
        Error("ST2208", span, "the array would have too many items");

    private static string Count(int required, int? most) =>
        most == required ? Arguments(required)
        : most is null ? $"at least {Arguments(required)}"
        : $"{Number(required)} to {Arguments(most.Value)}";

    private static string Arguments(int count) =>
        count switch
        {
            0 => "no arguments",
            1 => "1 argument",
            _ => $"{Number(count)} arguments",
        };

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > 60 ? string.Concat(line.AsSpan(0, 57), "...") : line;
    }

    private static Diagnostic Limit(string code, SourceSpan span, string message, string setting) =>
        Error(code, span, message) with
        {
            Hint = $"if this is meant, raise templates.limits.{setting} in strata.yml",
        };

    private static string Printable(char character) =>
        char.IsControl(character) ? $"U+{(int)character:X4}" : character.ToString();

    private static Diagnostic Error(string code, SourceSpan span, string message) =>
        new(code, Severity.Error, span, message);
}
