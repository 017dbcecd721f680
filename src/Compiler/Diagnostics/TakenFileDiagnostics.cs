using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// ST709x: landed files that models have taken in and that are gone, have changed or moved, rows of them that come late, and files of which
/// a model has taken in nothing, or more than is declared.
/// </summary>
public static class TakenFileDiagnostics
{
    private const string WouldLose = "ST7090";
    private const string Loses = "ST7091";
    private const string OldRows = "ST7094";

    /// <summary>The code of <see cref="ZoneVanished"/>, beside which an empty landing zone need not be told of.</summary>
    public const string ZoneVanishedCode = "ST7095";

    /// <param name="rows">Of these files in the model; null where they cannot be told.</param>
    /// <param name="unreadable">How many of them are there, and cannot be read.</param>
    public static Diagnostic WouldLoseFiles(
        SourceSpan span,
        string model,
        string source,
        long? rows,
        ImmutableArray<string> paths,
        int unreadable
    ) =>
        new(
            WouldLose,
            Severity.Error,
            span,
            $"rebuilding '{model}' from nothing would lose {Rows(rows)} of {GoneFiles(paths, unreadable)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"{PutBack(paths, unreadable)}, or correct the path of source '{source}'; to drop their rows, build '{model}' once with full_refresh: true; on_vanish: delete drops them in every model that reads the source, but only in models that append; nothing was changed",
        };

    private static string PutBack(ImmutableArray<string> paths, int unreadable) =>
        unreadable == 0 ? "put them back"
        : unreadable == paths.Length ? "repair them"
        : "put back those that are gone and repair the others";

    /// <summary>Of a microbatch model that goes on where it stands.</summary>
    /// <param name="rows">Of these files in the periods; null where they cannot be told.</param>
    /// <param name="hasFiles">The table has <c>_source_file</c>.</param>
    public static Diagnostic PeriodsWouldLoseFiles(
        SourceSpan span,
        string model,
        string source,
        long? rows,
        bool hasFiles,
        ImmutableArray<string> paths,
        int unreadable
    ) =>
        new(
            WouldLose,
            Severity.Error,
            span,
            rows is null
                ? $"rebuilding periods of '{model}' could lose rows of {GoneFiles(paths, unreadable)}"
                : $"rebuilding periods of '{model}' would lose {Rows(rows)} of {GoneFiles(paths, unreadable)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"{PutBack(paths, unreadable)}, or correct the path of source '{source}'; to drop their rows when periods are rebuilt, set on_vanish: delete"
                + (
                    hasFiles
                        ? ""
                        : $"; if all rows of '{model}' had _source_file, strata could tell which periods are affected"
                )
                + "; nothing was changed",
        };

    /// <summary>Of files that came in through a source which the model does not read any more.</summary>
    /// <param name="rows">Of these files in what is built; null where they cannot be told.</param>
    /// <param name="isPart">Only periods are built.</param>
    public static Diagnostic WouldLoseLeftFiles(
        SourceSpan span,
        string model,
        string source,
        long? rows,
        bool isPart,
        ImmutableArray<string> paths
    ) =>
        new(
            WouldLose,
            Severity.Error,
            span,
            $"rebuilding {(isPart ? $"periods of '{model}'" : $"'{model}' from nothing")} would lose {Rows(rows)} of {GoneFiles(paths)}: they came from source '{source}', which it no longer reads"
        )
        {
            Details = Some(paths),
            Hint =
                $"let the model read files with these rows again; to drop the rows, build '{model}' once with full_refresh: true; nothing was changed",
        };

    /// <summary>Of a period that no batch has published, although it was owed when files were taken in that are gone.</summary>
    public static Diagnostic PeriodMayLoseFiles(
        SourceSpan span,
        string model,
        string period,
        string source,
        ImmutableArray<string> paths
    ) =>
        new(
            WouldLose,
            Severity.Error,
            span,
            $"batch {period} of '{model}' is not published yet, and may need rows of {GoneFiles(paths)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"put them back, or correct the path of source '{source}'; to do without their rows, set on_vanish: delete; the batch was not built",
        };

    /// <summary>Of a model that is built as a whole, from the files that are there.</summary>
    /// <param name="isRefreshed">The model would keep them, if it were not for <c>full_refresh: true</c>.</param>
    public static Diagnostic RowsVanished(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> paths,
        bool isRefreshed
    ) =>
        new(
            Loses,
            Severity.Warning,
            span,
            paths.Length == 1
                ? $"'{model}' loses the rows of landed file '{paths[0]}' of source '{source}', which is no longer there"
                : $"'{model}' loses the rows of {paths.Length} landed files of source '{source}', which are no longer there"
        )
        {
            Details = paths.Length == 1 ? [] : Some(paths),
            Hint = isRefreshed
                ? "to keep such rows, remove full_refresh: true, which rebuilds the model from the files that are there; if they may go, set on_vanish: delete"
                : "to keep such rows, make it an incremental model; if they may go, set on_vanish: delete",
        };

    /// <summary>Of a model that keeps the rows of files that go, and begins anew under another name.</summary>
    /// <param name="now">The relation that it is built as.</param>
    /// <param name="was">The one that has the rows, if it is still there.</param>
    public static Diagnostic RowsLeft(
        SourceSpan span,
        string model,
        string source,
        string now,
        string was,
        ImmutableArray<string> paths
    ) =>
        new(
            Loses,
            Severity.Warning,
            span,
            $"'{model}' starts over as {now}, without the rows of {GoneFiles(paths)}: those are in {was}"
        )
        {
            Details = Some(paths),
            Hint =
                $"to keep them, put the files back where source '{source}' finds them, or copy the rows from {was}; if they may go, set on_vanish: delete",
        };

    /// <summary>Of a model that keeps the rows of what it has taken in, and is built from what the files hold now.</summary>
    public static Diagnostic ContentGone(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> paths
    ) =>
        new(
            Loses,
            Severity.Warning,
            span,
            paths.Length == 1
                ? $"'{model}' loses the rows of the earlier content of landed file '{paths[0]}' of source '{source}', which has changed"
                : $"'{model}' loses the rows of the earlier content of {paths.Length} landed files of source '{source}', which have changed"
        )
        {
            Details = paths.Length == 1 ? [] : Some(paths),
            Hint =
                "if the files were corrected, there is nothing to do; if new files have the names of old ones, give each a name of its own; on_change: replace says that new content replaces the old",
        };

    /// <summary>Of a zone whose files take their rows along when they go: all of them are gone at once.</summary>
    /// <param name="taken">How many the model has taken in.</param>
    /// <param name="others">How many files lie there that it has not.</param>
    /// <param name="isProtected">The model has <c>full_refresh: false</c>, which is to go first.</param>
    public static Diagnostic ZoneVanished(
        SourceSpan span,
        string model,
        string source,
        string pattern,
        int taken,
        int others,
        bool isProtected
    ) =>
        new(
            ZoneVanishedCode,
            Severity.Error,
            span,
            others == 0
                ? $"source '{source}' has no files at all: nothing matches '{pattern}', and '{model}' has taken in {taken} {(taken == 1 ? "file" : "files")}"
                : $"source '{source}' has none of the {taken} files that '{model}' has taken in: {(others == 1 ? "only 1 other file matches" : $"only {others} other files match")} '{pattern}'"
        )
        {
            Hint =
                "check that the folder is mounted and the path is right; with on_vanish: delete all rows would go, so nothing is built; "
                + (
                    others == 0
                        ? $"to empty '{model}' on purpose, {(isProtected ? Unprotected : "")}run --full-refresh --select {model}"
                        : $"to have only the rows of the files that are there, {(isProtected ? Unprotected : "")}run --full-refresh --select {model}; if all files are replaced each time, make '{model}' a table"
                ),
        };

    private const string Unprotected = "remove full_refresh: false and ";

    /// <summary>Of a microbatch model: new files, or what was added to known ones, have rows of periods that it does not build again.</summary>
    public static Diagnostic LateRows(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> periods
    ) =>
        new(
            "ST7093",
            Severity.Warning,
            span,
            periods.Length == 1
                ? $"source '{source}' has new rows for batch {periods[0]} of '{model}', which is not rebuilt: '{model}' may lack them"
                : $"source '{source}' has new rows for {periods.Length} batches of '{model}' that are not rebuilt: '{model}' may lack them"
        )
        {
            Details = periods.Length == 1 ? [] : Some(periods),
            Hint =
                "rebuild these batches with --event-time-start and --event-time-end, or set a larger lookback, which rebuilds more batches in every run",
        };

    /// <summary>Of a microbatch model: files were corrected, or are gone and their rows are to go, and some of their old rows stay.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="periods">Which batches are not built again, as rows of other files would be lost.</param>
    public static Diagnostic OldRowsStay(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> paths,
        ImmutableArray<string> periods
    ) =>
        new(
            OldRows,
            Severity.Warning,
            span,
            $"{Moved(source, paths)}: {(periods.Length == 1 ? $"batch {periods[0]}" : $"{periods.Length} batches")} of '{model}' "
                + $"{(periods.Length == 1 ? "stays as it is" : "stay as they are")}: rebuilding {(periods.Length == 1 ? "it" : "them")} would lose rows of other files that are gone"
        )
        {
            Details = periods.Length == 1 ? [] : Some(periods),
            Hint =
                "put the missing files back and then rebuild with --event-time-start and --event-time-end, as no later run does it by itself; or set on_vanish: delete to drop their rows, too",
        };

    /// <summary>The same where it is not known which batches have rows of these files.</summary>
    /// <param name="hasFiles">The table has <c>_source_file</c>.</param>
    public static Diagnostic OldRowsMayStay(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> paths,
        bool hasFiles
    ) =>
        new(
            OldRows,
            Severity.Warning,
            span,
            $"{Moved(source, paths)}, and '{model}' may keep old rows of {(paths.Length == 1 ? "it" : "them")}: "
                + (
                    hasFiles
                        ? "a row of it may be made of several files, and _source_file names one"
                        : "its table does not say which file a row is from"
                )
        )
        {
            Details = paths.Length == 1 ? [] : Some(paths),
            Hint =
                "rebuild the old batches with --event-time-start and --event-time-end"
                + (hasFiles ? "" : "; if the model selects _source_file unchanged, Strata finds them"),
        };

    private static string Moved(string source, ImmutableArray<string> paths) =>
        paths.Length == 1
            ? $"landed file '{paths[0]}' of source '{source}' has changed or is gone"
            : $"{paths.Length} landed files of source '{source}' have changed or are gone";

    /// <summary>Of files that were taken in for the second time, because they lie elsewhere now.</summary>
    /// <param name="moves">From where to where.</param>
    public static Diagnostic FilesMoved(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<(string From, string To)> moves
    ) =>
        Doubled(
            span,
            model,
            moves,
            moves.Length == 1
                ? $"landed file '{moves[0].To}' of source '{source}' has the content of '{moves[0].From}', which is no longer there: '{model}' now has its rows twice"
                : $"{moves.Length} landed files of source '{source}' have the content of others that are no longer there: '{model}' now has their rows twice"
        );

    /// <summary>The same of files that have more rows now, behind those that were taken in.</summary>
    public static Diagnostic FilesMovedAndGrown(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<(string From, string To)> moves
    ) =>
        Doubled(
            span,
            model,
            moves,
            moves.Length == 1
                ? $"landed file '{moves[0].To}' of source '{source}' begins with the content of '{moves[0].From}', which is no longer there: '{model}' now has these rows twice"
                : $"{moves.Length} landed files of source '{source}' begin with the content of others that are no longer there: '{model}' now has these rows twice"
        );

    private static Diagnostic Doubled(
        SourceSpan span,
        string model,
        ImmutableArray<(string From, string To)> moves,
        string message
    ) =>
        new("ST7092", Severity.Warning, span, message)
        {
            Details = moves.Length == 1 ? [] : Some([.. moves.Select(move => $"{move.From} -> {move.To}")]),
            Hint =
                $"undo the run with 'strata rollback' and move the file back, or build '{model}' once with full_refresh: true; a file is known by its path, so move files only to where the source does not look",
        };

    /// <summary>The declaration of a source has changed, and no file: what could not be taken in before is not tried again.</summary>
    public static Diagnostic RowsWait(SourceSpan span, string source, string model, long rows) =>
        new(
            "ST7096",
            Severity.Warning,
            span,
            $"the declaration of source '{source}' has changed, but '{model}' does not read again the {rows} {(rows == 1 ? "row" : "rows")} that it could not take in before"
        )
        {
            Hint =
                $"to take them in, run --full-refresh --select {model}; 'strata quarantine show {model} --landed' lists them",
        };

    /// <summary>The code of <see cref="NoRowTakenIn"/>: a node that says so has not gone well.</summary>
    public const string NoRow = "ST7097";

    /// <summary>Files could be read, and every row of them was rejected.</summary>
    /// <param name="rows">How many they have together.</param>
    /// <param name="samples">Of the first files the first row.</param>
    /// <param name="read">How many files were read.</param>
    /// <param name="staying">Of how many the rows of an earlier version stay.</param>
    /// <param name="dropped">Of how many the model had rows, which are not built again.</param>
    /// <param name="hasHeader">Null where the files are not csv.</param>
    public static Diagnostic NoRowTakenIn(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<string> paths,
        long rows,
        ImmutableArray<string> samples,
        int read,
        int staying,
        int dropped,
        bool? hasHeader
    )
    {
        var isOne = paths.Length == 1;
        var number = rows.ToString("N0", CultureInfo.InvariantCulture);
        var count = rows == 1 ? "its only row goes" : $"all {number} rows go";
        var message = isOne
            ? $"no row of '{paths[0]}'{(read == 1 ? "" : $" ({read} files were read)")} could be taken in: {count} to the quarantine"
            : $"{paths.Length} of {read} files of source '{source}': no row could be taken in, {count} to the quarantine";
        if (dropped > 0)
            message +=
                $"; '{model}' had rows of {(isOne ? "it" : dropped == paths.Length ? "them" : $"{dropped} of them")}, and loses them";
        if (staying > 0)
            message +=
                $"; the rows of {(isOne ? "its earlier version" : staying == 1 ? "the earlier version of one" : $"earlier versions of {staying} of them")} stay";
        return new(NoRow, Severity.Warning, span, message)
        {
            Details = samples,
            Hint =
                (
                    hasHeader is null ? "declare the columns as the files have them (data_type)"
                    : hasHeader == false
                        ? "with header: false every line must have exactly the declared columns, in their order: declare them as the files have them, or correct 'delimiter' or 'header'"
                    : "declare the columns as the files have them (data_type, date_format), or correct 'delimiter' or 'header'"
                )
                + $", and build '{model}' with --full-refresh; a file that is corrected is read as a new one; on_error: fail stops the run instead",
        };
    }

    /// <summary>Nobody has said what becomes of columns that are not declared, and so they are kept aside.</summary>
    /// <param name="columns">With how many rows the files have that have them.</param>
    public static Diagnostic ColumnsRescued(
        SourceSpan span,
        string source,
        IReadOnlyList<(FileColumn Column, long Rows)> columns
    )
    {
        var isOne = columns.Count == 1;
        var words = columns.Select(one => $"'{one.Column.Name}' ({Rows(one.Rows)}) of {FilesOf(one.Column)}");
        return new(
            "ST7098",
            Severity.Warning,
            span,
            isOne
                ? $"column {words.First()} is kept in _rescued: source '{source}' does not declare it"
                : $"{columns.Count} columns are kept in _rescued: source '{source}' does not declare them"
        )
        {
            Details = isOne ? [] : [.. words],
            Hint =
                $"declare {(isOne ? "it" : "them")} (files that were taken in already give {(isOne ? "it" : "them")} after --full-refresh); new_columns: rescue, written out, keeps such columns without a warning",
        };
    }

    private static string FilesOf(FileColumn column) =>
        column.Files == 1 ? $"'{column.Path}'" : $"{column.Files} files (the first is '{column.Path}')";

    private static string Rows(long? rows) =>
        rows is null ? "the rows"
        : rows == 1 ? "1 row"
        : $"{rows} rows";

    private static string GoneFiles(ImmutableArray<string> paths, int unreadable = 0)
    {
        var isOne = paths.Length == 1;
        var why =
            unreadable == 0 ? $"{(isOne ? "is" : "are")} no longer there"
            : unreadable == paths.Length ? "cannot be read"
            : "are no longer there, or cannot be read";
        return $"{paths.Length} landed {(isOne ? "file" : "files")} that {why}";
    }

    private static ImmutableArray<string> Some(ImmutableArray<string> paths) =>
        paths.Length > 5 ? [.. paths.Take(5), $"and {paths.Length - 5} more"] : paths;
}
