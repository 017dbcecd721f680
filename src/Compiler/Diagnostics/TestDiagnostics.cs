using Strata.Compiler.Manifest;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST6xxx: the definitions of tests, and how they ended.</summary>
public static class TestDiagnostics
{
    public static Diagnostic UnknownExpectation(TestNode test, IEnumerable<string> known) =>
        new("ST6001", Severity.Error, test.Declaration, $"unknown test '{test.TestName}'")
        {
            Hint =
                Suggestions.DidYouMean(test.TestName ?? "", known)
                ?? "built-in tests are listed in docs/reference/expectations.md; a test of your own lives in tests/generic",
        };

    public static Diagnostic UnknownArgument(
        TestNode test,
        string expectation,
        string name,
        SourceSpan span,
        IEnumerable<string> allowed
    )
    {
        var names = allowed.ToList();
        return new Diagnostic("ST6002", Severity.Error, span, $"'{expectation}' has no argument '{name}'")
        {
            Hint = Suggestions.DidYouMean(name, names) ?? $"it takes: {string.Join(", ", names)}",
        };
    }

    public static Diagnostic MissingArgument(TestNode test, string expectation, string name) =>
        new("ST6003", Severity.Error, test.Declaration, $"'{expectation}' needs the argument '{name}'");

    public static Diagnostic WrongArgument(
        TestNode test,
        SourceSpan span,
        string name,
        string expected,
        string actual
    ) => new("ST6004", Severity.Error, span, $"'{name}' must be {expected}, not {actual}");

    public static Diagnostic NotAChoice(
        TestNode test,
        SourceSpan span,
        string name,
        string value,
        IReadOnlyCollection<string> choices
    ) =>
        new(
            "ST6004",
            Severity.Error,
            span,
            $"'{name}' must be one of {string.Join(", ", choices)}, not '{value}'"
        )
        {
            Hint = Suggestions.DidYouMean(value, choices),
        };

    public static Diagnostic UnknownColumn(
        TestNode test,
        SourceSpan span,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new("ST6005", Severity.Error, span, $"{Subject(test)} has no column '{column}'")
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"its columns: {string.Join(", ", columns)}",
        };

    public static Diagnostic NotComparable(
        TestNode test,
        SourceSpan span,
        string value,
        string column,
        string type
    ) =>
        new(
            "ST6006",
            Severity.Error,
            span,
            $"{value} cannot be compared with column '{column}' of type {type}"
        );

    public static Diagnostic Contradiction(TestNode test, SourceSpan? span, string message, string? hint) =>
        new("ST6007", Severity.Error, span ?? test.Declaration, message) { Hint = hint };

    public static Diagnostic NeedsColumn(TestNode test, string expectation) =>
        new("ST6008", Severity.Error, test.Declaration, $"'{expectation}' is about a column")
        {
            Hint = "write it under the column, or name the column with the argument 'column'",
        };

    public static Diagnostic NoMostly(TestNode test, string expectation, SourceSpan? span) =>
        new(
            "ST6009",
            Severity.Error,
            span ?? test.Declaration,
            $"'mostly' does not apply to '{expectation}', which does not count rows"
        )
        {
            Hint = "say with warn_if or error_if how many failures are too many",
        };

    public static Diagnostic ColumnsNotKnown(TestNode test, string expectation) =>
        new(
            "ST6010",
            Severity.Error,
            test.Declaration,
            $"'{expectation}' needs the columns of {Subject(test)}, which are not known"
        );

    public static Diagnostic ThresholdNotSimple(TestNode test) =>
        new(
            "ST6011",
            Severity.Error,
            test.Declaration,
            $"warn_if and error_if of '{test.TestName}' must compare with a number"
        )
        {
            Hint = "this test is judged outside the engine; write for instance error_if: \"> 0\"",
        };

    public static Diagnostic NotOnEngine(TestNode test, string expectation, string engine, string why) =>
        new("ST6012", Severity.Error, test.Declaration, $"'{expectation}' does not run on {engine}: {why}");

    public static Diagnostic Failed(TestNode test, string figures) =>
        new("ST6020", Severity.Error, test.Declaration, $"test '{test.Name}' failed: {figures}");

    public static Diagnostic Warned(TestNode test, string figures) =>
        new("ST6021", Severity.Warning, test.Declaration, $"test '{test.Name}' warns: {figures}");

    private static string Subject(TestNode test) => $"'{test.AttachedNode?.Split('.')[^1] ?? test.Name}'";
}
