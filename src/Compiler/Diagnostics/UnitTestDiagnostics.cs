using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST604x and ST605x: the definitions of unit tests, and how they ended.</summary>
public static class UnitTestDiagnostics
{
    private const int MostListed = 5;

    public static Diagnostic UnknownModel(SourceSpan span, string name, IEnumerable<string> models) =>
        new("ST6040", Severity.Error, span, $"there is no model '{name}' to test")
        {
            Hint = Suggestions.DidYouMean(name, models) ?? "'strata ls' lists the models",
        };

    /// <param name="isForIncremental">Whether only the incremental rendering, which was not asked for, reads it.</param>
    public static Diagnostic NotRead(
        SourceSpan span,
        string input,
        string model,
        bool isForIncremental,
        IReadOnlyCollection<string> read
    ) =>
        new("ST6041", Severity.Error, span, $"model '{model}' does not read {input}")
        {
            Hint =
                isForIncremental
                    ? "it does as an incremental batch: add 'overrides: { is_incremental: true }'"
                : read.Count == 0 ? "it reads nothing"
                : $"it reads: {string.Join(", ", read)}",
        };

    public static Diagnostic BadRows(SourceSpan span, string problem, string? hint = null) =>
        new("ST6042", Severity.Error, span, problem) { Hint = hint };

    /// <param name="who">What gives them, with its verb.</param>
    public static Diagnostic TooManyRows(SourceSpan span, string who, int most) =>
        BadRows(
            span,
            string.Create(CultureInfo.InvariantCulture, $"{who} more than {most:N0} rows"),
            "give fewer rows, or expect aggregates of them: a unit test compares row by row"
        );

    public static Diagnostic UnknownFixture(
        SourceSpan span,
        string name,
        string extension,
        IReadOnlyCollection<string> known
    ) =>
        new("ST6043", Severity.Error, span, $"there is no fixture '{name}{extension}' in tests/fixtures")
        {
            Hint =
                Suggestions.DidYouMean(name, known)
                ?? (known.Count == 0 ? "make the file" : $"there are: {string.Join(", ", known)}"),
        };

    public static Diagnostic BadOverride(SourceSpan span, string problem, string? hint) =>
        new("ST6044", Severity.Error, span, problem) { Hint = hint };

    public static Diagnostic AsksEngine(SourceSpan span, string test, string model) =>
        new(
            "ST6045",
            Severity.Error,
            span,
            $"unit test '{test}' cannot render model '{model}', which queries its engine while it is rendered"
        )
        {
            Hint = "override the macro that runs the query: 'overrides: { macros: { name: value } }'",
        };

    public static Diagnostic UnknownColumn(
        SourceSpan span,
        string what,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new("ST6047", Severity.Error, span, $"{what} has no column '{column}'")
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"its columns: {string.Join(", ", columns)}",
        };

    public static Diagnostic LacksColumns(
        SourceSpan span,
        string input,
        string model,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            "ST6048",
            Severity.Warning,
            span,
            $"the rows given for {input} lack {Listed(columns)}, which model '{model}' reads"
        )
        {
            Hint =
                $"{(columns.Count == 1 ? "it is" : "they are")} null in every row; add {(columns.Count == 1 ? "it" : "them")} if the test depends on {(columns.Count == 1 ? "it" : "them")}",
        };

    public static Diagnostic NotRun(SourceSpan span, string test, string reason) =>
        new("ST6049", Severity.Warning, span, $"unit test '{test}' was not run: {reason}");

    /// <param name="differences">The table of differences, a line each.</param>
    public static Diagnostic Failed(
        SourceSpan span,
        string test,
        string summary,
        IEnumerable<string> differences,
        string? hint
    ) =>
        new("ST6050", Severity.Error, span, $"unit test '{test}' failed: {summary}")
        {
            Details = [.. differences],
            Hint = hint,
        };

    public static Diagnostic BadValue(SourceSpan span, string value, string column, string type) =>
        new(
            "ST6051",
            Severity.Error,
            span,
            $"{value} is not a valid value for column '{column}' of type {type}"
        );

    /// <param name="words">What is to be written instead; null where the type would make another value of it.</param>
    public static Diagnostic CutValue(
        SourceSpan span,
        string value,
        string column,
        string type,
        string? words
    ) =>
        BadValue(span, value, column, type) with
        {
            Hint = words ?? "the type would change the value: write it as the column holds it",
        };

    private static string Listed(IReadOnlyCollection<string> columns)
    {
        // "and 1 more" is longer than its name
        var listed = columns.Count == MostListed + 1 ? columns.Count : MostListed;
        return (columns.Count == 1 ? "column " : "columns ")
            + string.Join(", ", columns.Take(listed).Select(name => $"'{name}'"))
            + (columns.Count > listed ? $" and {columns.Count - listed} more" : "");
    }
}
