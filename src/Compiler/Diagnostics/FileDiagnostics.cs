using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST704x: what landed files hold, and what of it cannot be taken in. What becomes of those that were taken in says <see cref="TakenFileDiagnostics"/>.</summary>
public static class FileDiagnostics
{
    /// <summary>The code of <see cref="ColumnsLost"/>, which run results count.</summary>
    public const string LostColumn = "ST7048";

    private const string Refused = "ST7046";

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
                ? $"landed file '{path}' has changed and cannot be read; the rows of its earlier version stay"
                : $"landed file '{path}' cannot be read and was left out"
        )
        {
            Details = [words],
            Hint =
                "repair or replace the file: it is tried again when it changes; on_unreadable: fail stops the run instead",
        };

    /// <param name="path">The first file that lacks it.</param>
    /// <param name="others">What that file has and the source does not declare.</param>
    public static Diagnostic ColumnMissing(
        SourceSpan span,
        string source,
        string column,
        string path,
        int files,
        ImmutableArray<string> others
    ) =>
        new(
            "ST7042",
            Severity.Warning,
            span,
            $"column '{column}' of source '{source}' is not in {(files == 1 ? $"'{path}'" : $"{files} files, the first of them '{path}'")}"
        )
        {
            Hint = NewNameOf(column, others) is { } name
                ? $"its values are null there; {(files == 1 ? "the file" : "the first of them")} has '{name}', which is not declared: if that is its new name, add it to 'aliases': {{ {column}: [\"{name}\"] }}"
                : "its values are null there; if the column was renamed, add the new name to 'aliases'"
                    + (
                        others.IsEmpty
                            ? ""
                            : $"; not declared in {(files == 1 ? "it" : "the first of them")}: {string.Join(", ", others.Take(5).Select(other => $"'{other}'"))}{(others.Length > 5 ? " and others" : "")}"
                    ),
        };

    /// <summary>The only column that may be it, or the one that is most like it.</summary>
    private static string? NewNameOf(string column, ImmutableArray<string> others) =>
        others is [var only] ? only : Suggestions.Nearest(column, others);

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
            $"source '{other}' has taken in rows of '{path}', too, and they would be deleted with the others"
        ) with
        {
            Hint =
                "make each file match only one source of the model, or read the sources in separate models; nothing was changed",
        };

    public static Diagnostic CannotReplace(SourceSpan span, string model, string option, string words) =>
        new("ST7044", Severity.Error, span, $"{option} cannot work for '{model}': {words}")
        {
            Hint =
                "the model must append (no unique_key) and select _source_file, so that strata can tell which rows are of which file",
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

    /// <summary>More rows are set aside than the source allows.</summary>
    /// <param name="limit">As it is written.</param>
    public static Diagnostic TooManyRowsRefused(
        SourceSpan span,
        string source,
        long rows,
        long all,
        string limit,
        ImmutableArray<string> samples
    ) =>
        new(
            Refused,
            Severity.Error,
            span,
            $"{rows} of {all} {(all == 1 ? "row" : "rows")} of source '{source}' cannot be taken in: error_if: \"{limit.Trim()}\""
        )
        {
            Details = samples,
            Hint =
                "correct the declared types, or fix the files; nothing was taken in, and the next run reads these files again",
        };

    public static Diagnostic RowsRefused(
        SourceSpan span,
        string source,
        long rows,
        ImmutableArray<string> samples
    ) =>
        new(
            Refused,
            Severity.Error,
            span,
            $"{rows} {(rows == 1 ? "row" : "rows")} of source '{source}' cannot be taken in"
        )
        {
            Details = samples,
            Hint = "fix the files, or set on_error: quarantine; nothing was taken in",
        };

    public static Diagnostic NeedsLanding(SourceSpan span, string source, string option, string engine) =>
        new(
            "ST7047",
            Severity.Error,
            span,
            $"source '{source}' can only be read by a model that keeps rows: {engine} itself has no {option}"
        )
        {
            Hint = "take it in with a table, incremental or microbatch model, and read that model",
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
                    ? $"declare {(isOne ? "it" : "them")}: the model has only the declared columns of its files; new_columns: ignore leaves out others without a warning"
                : keeper is null
                    ? $"select {(isOne ? "it" : "them")} in '{model}' (and declare {(isOne ? "it" : "them")}, for files that lack {(isOne ? "it" : "them")}); new_columns: ignore leaves such columns out without a warning"
                : $"declare {(isOne ? "it" : "them")}, or select {keeper} in '{model}', which has all such columns (with on_schema_change: append_new_columns, or --full-refresh); new_columns: ignore leaves them out without a warning",
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
            $"{string.Join(", ", parts)} of source '{source}' could not be read and {(isOne ? "is" : "are")} null, and model '{model}' does not keep the original text"
        )
        {
            Details = samples,
            Hint =
                $"select _raw in '{model}', or set on_error to {(isSetAside ? "quarantine" : "fail")}; on_error: keep accepts the nulls without a warning",
        };
    }
}
