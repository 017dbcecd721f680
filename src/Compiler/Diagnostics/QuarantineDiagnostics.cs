using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST603x, ST707x and ST803x: rows that an expectation diverts, and bringing them back.</summary>
public static class QuarantineDiagnostics
{
    /// <param name="subject">The test in words: <c>'unique'</c>, <c>a test that is a query</c>.</param>
    public static Diagnostic NotByRow(SourceSpan place, string subject, string? hint = null) =>
        new(
            "ST6030",
            Severity.Error,
            place,
            $"{subject} cannot have severity quarantine: it does not judge rows one by one"
        )
        {
            Hint =
                hint
                ?? "use a test that looks at single rows, such as not_null, accepted_values, relationships or expect",
        };

    /// <param name="subject">The node in words: <c>view 'orders'</c>.</param>
    /// <param name="fact">What is in the way.</param>
    public static Diagnostic NothingToDivert(
        SourceSpan place,
        string subject,
        string hint,
        string fact = "which has no rows of its own to divert"
    ) => new("ST6031", Severity.Error, place, $"severity quarantine on {subject}, {fact}") { Hint = hint };

    /// <param name="share">How many rows, and of how many, in words.</param>
    public static Diagnostic Diverted(TestNode test, string node, string share) =>
        new("ST6032", Severity.Warning, test.Declaration, $"test '{test.Name}' quarantined {share}")
        {
            Hint = $"'strata quarantine show {node}' lists them with all their reasons",
        };

    /// <param name="settled">How many rows were corrected or dropped.</param>
    /// <param name="others">How many rows fail that were not known before; or pass, and only look like the known ones.</param>
    /// <param name="arePlaced">Whether rows are known by their places in landed files.</param>
    public static Diagnostic NotMetAgain(
        SourceSpan place,
        string node,
        long settled,
        long others,
        bool theyPass,
        bool arePlaced
    ) =>
        new(
            "ST6033",
            Severity.Warning,
            place,
            $"{Rows(settled)} of '{node}' that {(settled == 1 ? "was" : "were")} corrected or dropped did not come back, and "
                + (
                    theyPass
                        ? $"{Rows(others)} {(others == 1 ? "passes and differs" : "pass and differ")} from them only in columns that rules look at"
                        : $"{Rows(others)} {(others == 1 ? "fails" : "fail")} that {(others == 1 ? "was" : "were")} not known before"
                )
        )
        {
            Hint = (theyPass, arePlaced) switch
            {
                (true, _) =>
                    "they are published; if they are the same rows, select _source_file and _source_row, so that strata knows them by their places",
                (_, true) =>
                    $"if they are the same rows, they have moved in their file: correct or drop them once more; 'strata quarantine show {node}' lists the new rows",
                _ =>
                    "if they are the same rows, a column that differs in each build hides it: declare it 'volatile: true', or select "
                        + $"_source_file and _source_row; 'strata quarantine show {node}' lists the new rows",
            },
        };

    /// <param name="rows">How many rows of a replay somebody has corrected that are none of those that came.</param>
    public static Diagnostic NotUsed(SourceSpan place, string node, long rows) =>
        new(
            "ST6034",
            Severity.Warning,
            place,
            $"{Rows(rows)} of '{node}' that {(rows == 1 ? "was" : "were")} corrected did not come back, so the {(rows == 1 ? "correction was" : "corrections were")} not used"
        )
        {
            Hint =
                $"the rows that come now may pass; 'strata quarantine show {node}' lists the corrected ones until '{node}' is built again",
        };

    private static string Rows(long count) =>
        count == 1 ? "1 row" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} rows";

    public static Diagnostic CannotReplay(SourceSpan place, string node, string reason, string hint) =>
        new(
            "ST7070",
            Severity.Error,
            place,
            $"quarantined rows of '{node}' cannot be replayed by themselves: {reason}"
        )
        {
            Hint = hint,
        };

    public static Diagnostic NotBuilt(SourceSpan place, string node) =>
        new("ST7071", Severity.Error, place, $"'{node}' has no published table to replay rows into")
        {
            Hint = $"'strata build --select {node}' makes it",
        };

    /// <param name="column">The column of the corrections that the quarantined rows do not have.</param>
    public static Diagnostic UnknownColumn(
        string file,
        string column,
        string node,
        IEnumerable<string> columns
    ) =>
        new("ST8030", Severity.Error, null, $"{file}: quarantined rows of '{node}' have no column '{column}'")
        {
            Hint = Suggestions.DidYouMean(column, columns),
        };

    public static Diagnostic UnknownRow(string file, string id, string node) =>
        new("ST8031", Severity.Error, null, $"{file}: no open row of '{node}' has the id '{id}'")
        {
            Hint = $"'strata quarantine show {node}' lists the ids; nothing was changed",
        };

    /// <param name="path">The landed file that was asked for; null for all.</param>
    public static Diagnostic NothingQuarantined(string node, string connection, string? path = null) =>
        new(
            "ST8032",
            Severity.Error,
            null,
            path is null
                ? $"'{node}' has never had a quarantined row on '{connection}'"
                : $"nothing of file '{path}' is in the quarantine of '{node}'"
        )
        {
            Hint =
                "'strata quarantine list' shows what there is; what landed files lost comes back when they are fixed and read again",
        };

    /// <param name="what">What would be dropped, counted.</param>
    public static Diagnostic NotConfirmed(string node, string what) =>
        new("ST8033", Severity.Error, null, $"{what} of '{node}' would be dropped for good")
        {
            Hint = "add --yes to drop them; nothing was changed",
        };

    /// <param name="words">Why, as by the engine; null where it would change the value in silence.</param>
    public static Diagnostic NotAValue(
        SourceSpan span,
        string value,
        string column,
        string type,
        string? words
    ) =>
        new(
            "ST8035",
            Severity.Error,
            span,
            words is null
                ? $"'{value}' would change as a {type}, the type of '{column}'"
                : $"'{value}' is not a valid {type}, the type of '{column}'"
        )
        {
            Details = words is null ? [] : [words],
            Hint = "correct the file; nothing was changed",
        };

    public static Diagnostic Corrections(string file, string problem) =>
        new("ST8034", Severity.Error, null, $"{file}: {problem}")
        {
            Hint = "give a csv file with a header: _quarantine_id and the columns to correct",
        };
}
