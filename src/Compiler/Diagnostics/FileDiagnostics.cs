using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST704x and ST709x: what became of landed files and their rows.</summary>
public static class FileDiagnostics
{
    /// <summary>The code of <see cref="ColumnsLost"/>, which run results count.</summary>
    public const string LostColumn = "ST7048";

    private const string WouldLose = "ST7090";
    private const string Loses = "ST7091";

    public static Diagnostic RowsQuarantined(
        SourceSpan span,
        string source,
        long rows,
        ImmutableArray<string> samples
    ) =>
        new(
            "ST7040",
            Severity.Warning,
            span,
            $"{rows} {(rows == 1 ? "row" : "rows")} of source '{source}' could not be taken in and {(rows == 1 ? "goes" : "go")} to the quarantine"
        )
        {
            Details = samples,
            Hint =
                "'strata quarantine' lists them once the model is published; on_error: fail stops the run instead",
        };

    /// <param name="hasRows">Whether rows of an earlier version were taken in, and stay.</param>
    public static Diagnostic FileQuarantined(SourceSpan span, string path, string words, bool hasRows) =>
        new(
            "ST7041",
            Severity.Warning,
            span,
            hasRows
                ? $"landed file '{path}' has changed and cannot be read; the rows that it had before stay"
                : $"landed file '{path}' cannot be read and was left out"
        )
        {
            Details = [words],
            Hint =
                "repair or replace it: it is tried again when it changes; on_unreadable: fail stops the run instead",
        };

    public static Diagnostic ColumnMissing(
        SourceSpan span,
        string source,
        string column,
        string path,
        int files
    ) =>
        new(
            "ST7042",
            Severity.Warning,
            span,
            $"column '{column}' of source '{source}' is not in {(files == 1 ? $"'{path}'" : $"{files} files, the first of them '{path}'")}"
        )
        {
            Hint = "its values are null there; if the column has another name now, add it to 'aliases'",
        };

    public static Diagnostic ColumnUndeclared(
        SourceSpan span,
        string source,
        string column,
        string path,
        int files
    ) =>
        new(
            "ST7043",
            Severity.Error,
            span,
            $"{(files == 1 ? $"'{path}' has" : $"{files} files, the first of them '{path}', have")} column '{column}', which source '{source}' does not declare"
        )
        {
            Hint = "declare it, or set new_columns to ignore, add or rescue; nothing was taken in",
        };

    /// <summary>Of rows that two sources of a model have taken in of one file: by its path they cannot be told from each other.</summary>
    public static Diagnostic CannotReplaceShared(
        SourceSpan span,
        string model,
        string option,
        string path,
        string other
    ) =>
        CannotReplace(
            span,
            model,
            option,
            $"rows of '{path}' came in through source '{other}', too, and would go with the others"
        ) with
        {
            Hint =
                "let each file be matched by one source of the model, or read the sources in models of their own; nothing was changed",
        };

    public static Diagnostic CannotReplace(SourceSpan span, string model, string option, string words) =>
        new("ST7044", Severity.Error, span, $"{option} cannot work for '{model}': {words}")
        {
            Hint =
                "the model must append (no unique_key) and select _source_file, so that the rows of a file can be told",
        };

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
            $"built from nothing, '{model}' would lose {Rows(rows)} of {GoneFiles(paths, unreadable)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"{PutBack(paths, unreadable)}, or correct the path of source '{source}'; if their rows are to go, build '{model}' once with full_refresh: true (on_vanish: delete says it for all that read the source, of which only models that append can do it); nothing was changed",
        };

    private static string PutBack(ImmutableArray<string> paths, int unreadable) =>
        unreadable == 0 ? "put them back"
        : unreadable == paths.Length ? "repair them"
        : "put them back, repair those that are there";

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
                ? $"periods of '{model}' that are to be built again may have rows of {GoneFiles(paths, unreadable)}, and would lose them"
                : $"periods of '{model}' that are to be built again would lose {Rows(rows)} of {GoneFiles(paths, unreadable)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"{PutBack(paths, unreadable)}, or correct the path of source '{source}'; if the rows of files that go are to go with the periods that are built again, say so with on_vanish: delete"
                + (
                    hasFiles
                        ? ""
                        : $"; if all rows of '{model}' had _source_file, it would be known which periods have some"
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
            $"{(isPart ? $"periods of '{model}' that are to be built again" : $"built from nothing, '{model}'")} would lose {Rows(rows)} of {GoneFiles(paths)}: they are of source '{source}', which it does not read any more"
        )
        {
            Details = Some(paths),
            Hint =
                $"have it read files again that hold these rows; if they are to go, build '{model}' once with full_refresh: true; nothing was changed",
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
            $"batch {period} of '{model}' is not published yet, and may have rows of {GoneFiles(paths)}"
        )
        {
            Details = Some(paths),
            Hint =
                $"put them back, or correct the path of source '{source}'; if their rows are to go, say so with on_vanish: delete; the batch was not built",
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
                ? $"'{model}' loses its rows of landed file '{paths[0]}' of source '{source}', which is no longer there"
                : $"'{model}' loses its rows of {paths.Length} landed files of source '{source}', which are no longer there"
        )
        {
            Details = paths.Length == 1 ? [] : Some(paths),
            Hint = isRefreshed
                ? "full_refresh: true builds it from the files that are there each time; without it the rows of files that go stay, and on_vanish: delete says that they are to go"
                : "it has the rows of the files that are there; an incremental model keeps those of files that go, and on_vanish: delete says that they are to go",
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
            $"'{model}' begins anew as {now}, without the rows of {GoneFiles(paths)}: those are in {was}"
        )
        {
            Details = Some(paths),
            Hint =
                $"if they are to come along, put the files back where source '{source}' finds them, or copy the rows from {was}; on_vanish: delete says that rows of files that go are to go",
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
                ? $"'{model}' loses its rows of what landed file '{paths[0]}' of source '{source}' held before: it has other content now"
                : $"'{model}' loses its rows of what {paths.Length} landed files of source '{source}' held before: they have other content now"
        )
        {
            Details = paths.Length == 1 ? [] : Some(paths),
            Hint =
                "nothing is to be done where files were corrected; where new ones have taken their names, land each under a name of its own; on_change: replace says that the new content takes the place of the old",
        };

    public static Diagnostic FilesVanished(SourceSpan span, string source, ImmutableArray<string> paths) =>
        new(
            "ST7045",
            Severity.Warning,
            span,
            paths.Length == 1
                ? $"landed file '{paths[0]}' of source '{source}' is no longer there"
                : $"{paths.Length} landed files of source '{source}' are no longer there"
        )
        {
            Details = paths.Length == 1 ? [] : [.. paths.Take(5)],
            Hint = "their rows stay; on_vanish: delete removes them",
        };

    /// <summary>Of a microbatch model: new files have rows of periods that it does not build again.</summary>
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
                ? $"new files of source '{source}' have rows of batch {periods[0]} of '{model}', which is not built again: '{model}' may lack them"
                : $"new files of source '{source}' have rows of {periods.Length} batches of '{model}' that are not built again: '{model}' may lack them"
        )
        {
            Details = periods.Length == 1 ? [] : Some(periods),
            Hint =
                "--event-time-start and --event-time-end build these batches again; a greater lookback builds more of them each time",
        };

    /// <summary>Of files that were taken in for the second time, because they lie elsewhere now.</summary>
    /// <param name="moves">From where to where.</param>
    public static Diagnostic FilesMoved(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<(string From, string To)> moves
    ) =>
        new(
            "ST7092",
            Severity.Warning,
            span,
            moves.Length == 1
                ? $"landed file '{moves[0].To}' of source '{source}' has the content of '{moves[0].From}', which is no longer there: '{model}' has its rows twice now"
                : $"{moves.Length} landed files of source '{source}' have the content of others that are no longer there: '{model}' has their rows twice now"
        )
        {
            Details = moves.Length == 1 ? [] : Some([.. moves.Select(move => $"{move.From} -> {move.To}")]),
            Hint =
                "a file is known by its path: to move one, move it where the source does not look; 'strata rollback' takes the run back, and a full refresh takes each file in once",
        };

    public static Diagnostic RowsRefused(
        SourceSpan span,
        string source,
        long rows,
        ImmutableArray<string> samples
    ) =>
        new(
            "ST7046",
            Severity.Error,
            span,
            $"{rows} {(rows == 1 ? "row" : "rows")} of source '{source}' cannot be taken in"
        )
        {
            Details = samples,
            Hint = "mend the files, or set on_error: quarantine; nothing was taken in",
        };

    public static Diagnostic NeedsLanding(SourceSpan span, string source, string option, string engine) =>
        new(
            "ST7047",
            Severity.Error,
            span,
            $"source '{source}' can only be read by a table or incremental model: {engine} itself has no {option}"
        )
        {
            Hint = "take it in with a model that is no view, and read that model",
        };

    /// <param name="keeper">The column that would keep it: <c>_rescued</c> or <c>_raw</c>; null where it is a column itself.</param>
    /// <param name="onlyDeclared">It would be no column either: the model can have only declared ones.</param>
    public static Diagnostic ColumnsLost(
        SourceSpan span,
        string model,
        string source,
        IReadOnlyList<FileColumn> columns,
        string? keeper,
        bool onlyDeclared = false
    )
    {
        var isOne = columns.Count == 1;
        return new(
            LostColumn,
            Severity.Warning,
            span,
            isOne
                ? $"column '{columns[0].Name}' of {WhereOf(columns[0])} is not declared by source '{source}', and model '{model}' does not keep it"
                : $"{columns.Count} columns are not declared by source '{source}', and model '{model}' does not keep them"
        )
        {
            Details = isOne
                ? []
                : [.. columns.Select(column => $"'{column.Name}' of {WhereOf(column).TrimEnd(',')}")],
            Hint =
                keeper is null && onlyDeclared
                    ? $"declare {(isOne ? "it" : "them")}: the model has only declared columns of its files; new_columns: ignore leaves such columns out in silence"
                : keeper is null
                    ? $"select {(isOne ? "it" : "them")} in '{model}' (and declare {(isOne ? "it" : "them")}, for files that lack {(isOne ? "it" : "them")}); new_columns: ignore leaves such columns out in silence"
                : $"declare {(isOne ? "it" : "them")}, or select {keeper} in '{model}', which has all such columns (with on_schema_change: append_new_columns, or --full-refresh); new_columns: ignore leaves them out in silence",
        };
    }

    /// <summary>How many columns a warning of lost ones tells of.</summary>
    public static int LostColumnsOf(Diagnostic diagnostic) =>
        diagnostic.Code == LostColumn ? Math.Max(1, diagnostic.Details.Length) : 0;

    private static string WhereOf(FileColumn column) =>
        column.Files == 1 ? $"'{column.Path}'" : $"{column.Files} files, the first of them '{column.Path}',";

    /// <param name="values">By column, how many of its values do not fit.</param>
    /// <param name="rows">How many rows are no JSON objects.</param>
    public static Diagnostic ValuesLost(
        SourceSpan span,
        string model,
        string source,
        ImmutableArray<(string Column, long Values)> values,
        long rows,
        ImmutableArray<string> samples,
        bool isSetAside
    )
    {
        var parts = values
            .Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Values} {(one.Values == 1 ? "value" : "values")} of column '{one.Column}'"
                )
            )
            .ToList();
        if (rows > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rows} {(rows == 1 ? "row" : "rows")}"));
        var isOne = values.Sum(one => one.Values) + rows == 1;
        return new(
            "ST7049",
            Severity.Warning,
            span,
            $"{string.Join(", ", parts)} of source '{source}' could not be read and {(isOne ? "is" : "are")} null, and model '{model}' does not keep the text"
        )
        {
            Details = samples,
            Hint =
                $"select _raw in '{model}', or set on_error to {(isSetAside ? "quarantine" : "fail")}; on_error: keep leaves it so in silence",
        };
    }

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
