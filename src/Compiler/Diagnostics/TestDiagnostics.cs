using Strata.Compiler.Manifest;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST6xxx: the definitions of tests, and how they ended.</summary>
public static class TestDiagnostics
{
    public const string SupposedColumn = "ST6013";

    private static readonly string[] TestConfigNames =
    [
        "severity",
        "warn_if",
        "error_if",
        "where",
        "limit",
        "store_failures",
        "fail_calc",
        "tags",
    ];

    public static Diagnostic UnknownArgument(
        string expectation,
        string name,
        SourceSpan span,
        IEnumerable<string> allowed
    )
    {
        var names = allowed.ToList();
        return new Diagnostic("ST6001", Severity.Error, span, $"'{expectation}' has no argument '{name}'")
        {
            Hint =
                Suggestions.DidYouMean(name, names.Concat(TestConfigNames))
                ?? $"it takes: {string.Join(", ", names)}; and, like every test, {string.Join(", ", TestConfigNames)}",
        };
    }

    public static Diagnostic MissingArgument(TestNode test, string expectation, string name) =>
        new("ST6002", Severity.Error, test.Declaration, $"'{expectation}' needs the argument '{name}'");

    public static Diagnostic WrongArgument(
        SourceSpan span,
        string name,
        string expected,
        string actual,
        string? hint = null
    ) => new("ST6003", Severity.Error, span, $"'{name}' must be {expected}, not {actual}") { Hint = hint };

    public static Diagnostic UnknownColumn(
        TestNode test,
        SourceSpan span,
        string column,
        IReadOnlyCollection<string> columns
    ) => UnknownColumn(Subject(test), span, column, columns);

    public static Diagnostic UnknownColumn(
        string subject,
        SourceSpan span,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new("ST6004", Severity.Error, span, $"{subject} has no column '{column}'")
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"its columns: {string.Join(", ", columns)}",
        };

    /// <summary>Told from a query's words, before an engine has seen it.</summary>
    public static Diagnostic ColumnNotGiven(
        TestNode test,
        string model,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            SupposedColumn,
            Severity.Warning,
            test.Declaration,
            $"this test is about column '{column}', which the query of '{model}' does not return"
        )
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"it returns: {string.Join(", ", columns)}",
        };

    public static Diagnostic NotComparable(SourceSpan span, string value, string column, string type) =>
        new(
            "ST6005",
            Severity.Error,
            span,
            $"{value} cannot be compared with column '{column}' of type {type}"
        );

    public static Diagnostic Contradiction(TestNode test, SourceSpan? span, string message, string? hint) =>
        new("ST6006", Severity.Error, span ?? test.Declaration, message) { Hint = hint };

    public static Diagnostic NeedsColumn(TestNode test, string expectation) =>
        new("ST6007", Severity.Error, test.Declaration, $"'{expectation}' needs a column")
        {
            Hint = "write it under the column, or name the column with the argument 'column'",
        };

    public static Diagnostic NoMostly(TestNode test, string expectation, SourceSpan? span) =>
        new(
            "ST6008",
            Severity.Error,
            span ?? test.Declaration,
            $"'mostly' does not apply to '{expectation}', which does not count rows"
        )
        {
            Hint = "use warn_if or error_if to say how many failures are too many",
        };

    public static Diagnostic ColumnsNotKnown(TestNode test, string expectation) =>
        new(
            "ST6009",
            Severity.Error,
            test.Declaration,
            $"'{expectation}' needs the columns of {Subject(test)}, which are not known"
        );

    public static Diagnostic ThresholdNotSimple(TestNode test) =>
        new(
            "ST6010",
            Severity.Error,
            test.Declaration,
            $"warn_if and error_if of '{test.TestName}' must compare with a number"
        )
        {
            Hint = "this test is judged outside the engine; write for instance error_if: \"> 0\"",
        };

    public static Diagnostic NoShare(TestNode test, string threshold, SourceSpan? span = null) =>
        new(
            "ST6011",
            Severity.Error,
            span ?? test.Declaration,
            $"'{threshold}' is a share of rows, but '{test.TestName ?? test.Name}' does not count rows"
        )
        {
            Hint = span is null
                ? "compare the number of failures, which is 0 or 1: leave the per cent sign out"
                : "compare the number of failures: leave the per cent sign out",
        };

    public static Diagnostic NoWhere(TestNode test, SourceSpan span) =>
        new(
            "ST6012",
            Severity.Error,
            span,
            $"'where' does not apply to '{test.Name}', which is a query of its own"
        )
        {
            Hint = "write the condition into the query",
        };

    public static Diagnostic Failed(TestNode test, string figures) =>
        new("ST6020", Severity.Error, test.Declaration, $"test '{test.Name}' failed: {figures}");

    public static Diagnostic Warned(TestNode test, string figures) =>
        new("ST6021", Severity.Warning, test.Declaration, $"test '{test.Name}' warns: {figures}");

    /// <param name="what">What was not done with them: <c>stored</c>, <c>shown</c>.</param>
    /// <param name="reason">The engine's own words.</param>
    public static Diagnostic RowsNotKept(TestNode test, string what, string reason) =>
        new(
            "ST6022",
            Severity.Warning,
            test.Declaration,
            $"the failing rows of test '{test.Name}' could not be {what}: {reason}"
        );

    private static string Subject(TestNode test) => $"'{test.AttachedNode?.Split('.')[^1] ?? test.Name}'";
}
