using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST700x: what keeps a node from being built before anything is: another run, what it reads (landed files among it), and the columns and keys that its query gives.</summary>
public static class InputDiagnostics
{
    /// <param name="canWait">Whether the command has <c>--wait</c>.</param>
    public static Diagnostic RunLockHeld(string connection, string? holder, bool canWait) =>
        new("ST7001", Severity.Error, null, $"another run is writing to connection '{connection}'")
        {
            Details = holder is null ? [] : [holder],
            Hint = canWait
                ? "run the same command again when it has ended, or with '--wait 30m', which waits for that"
                : "wait for it to end, then run the same command again",
        };

    /// <summary>Whether a diagnostic is <see cref="RunLockHeld"/> of a connection.</summary>
    public static bool IsRunLockHeld(Diagnostic diagnostic, string connection) =>
        RunLockHeld(connection, null, canWait: true) is var held
        && diagnostic.Code == held.Code
        && diagnostic.Message == held.Message;

    /// <param name="copiedTo">The connection where it is read by a copy; null where it is read itself.</param>
    public static Diagnostic MissingInput(
        SourceSpan span,
        string reader,
        string input,
        string name,
        string? copiedTo
    ) =>
        new(
            "ST7002",
            Severity.Error,
            span,
            copiedTo is null
                ? $"{reader} reads '{input}', which has not been built and is not part of this run"
                : $"{reader} reads the copy of '{input}' on '{copiedTo}', which has not been made and is not part of this run"
        )
        {
            Hint = copiedTo is null
                ? $"build it first, or select it too: --select +{name}"
                : "'strata build' makes it, with what reads it",
        };

    public static Diagnostic UnreadableFolder(SourceSpan span, string folder, string words) =>
        new("ST7003", Severity.Error, span, $"landing folder '{folder}' cannot be listed")
        {
            Details = [words],
            Hint = "check the folder's permissions; nothing was taken in",
        };

    public static Diagnostic UnreadableFile(SourceSpan span, string path, string words) =>
        new("ST7004", Severity.Error, span, $"landed file '{path}' cannot be read")
        {
            Details = [words],
            Hint = "repair, replace or remove the file; nothing was taken in, and the next run tries again",
        };

    public static Diagnostic ChangedFile(SourceSpan span, string path, string model) =>
        new("ST7005", Severity.Error, span, $"landed file '{path}' has changed since '{model}' took it in")
        {
            Hint =
                $"land corrections as new files, set on_change: replace, or take in everything again with '--full-refresh --select {model}'",
        };

    /// <summary>What helps where a batch stumbles over a row of a file that counts as read once another batch is published.</summary>
    public static string MendOfBatch(string model) =>
        $"fix the file; if other batches of '{model}' were built with it, it counts as read: set on_change: replace, too, or build with '--full-refresh --select {model}' (ST7005)";

    /// <summary>The code of <see cref="EmptyLanding"/>, which explains what else a model may be said to lack.</summary>
    public const string EmptyLandingCode = "ST7006";

    /// <param name="rowsStay">The reader has rows of files that were there before, and keeps them.</param>
    public static Diagnostic EmptyLanding(SourceSpan span, string source, string pattern, bool rowsStay) =>
        new(
            EmptyLandingCode,
            Severity.Warning,
            span,
            $"source '{source}' has no files: nothing matches '{pattern}'"
        )
        {
            Hint = rowsStay
                ? "nothing is taken in, and the rows that are there stay; check the path if files should be there"
                : "readers get its columns without rows; check the path if files should be there",
        };

    public static Diagnostic DuplicateKeys(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> key,
        IEnumerable<string> samples,
        string? readsAgain,
        bool isSnapshot
    ) =>
        new(
            "ST7007",
            Severity.Error,
            span,
            $"'{model}' selects several rows with the same unique_key ({string.Join(", ", key)})"
        )
        {
            Details =
            [
                .. samples,
                .. readsAgain is { } why ? [$"it reads everything again: {why}"] : Array.Empty<string>(),
            ],
            Hint = isSnapshot
                ? "make the snapshot's query return one row for each key: of several at once, none is the newer one"
                : "make the query return one row for each key, or name the column that decides in 'sequence_by'",
        };

    /// <param name="why">By what different keys of the batch are one in the table.</param>
    public static Diagnostic SameKeyInTable(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> key,
        IEnumerable<string> samples,
        string why
    ) =>
        DuplicateKeys(span, model, key, samples, null, false) with
        {
            Message =
                $"'{model}' selects several rows whose unique_key ({string.Join(", ", key)}) is the same in its table",
            Details = [.. samples, why],
            Hint =
                "let the query give the key as the table compares it (cast, lower ...), and one row for each",
        };

    public static Diagnostic UnknownColumn(
        SourceSpan span,
        string model,
        string option,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            "ST7008",
            Severity.Error,
            span,
            $"{option} of '{model}' names '{column}', which its query does not return"
        )
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"its columns: {string.Join(", ", columns)}",
        };

    public static Diagnostic SchemaChanged(
        SourceSpan span,
        string model,
        string mode,
        ImmutableArray<string> differences
    ) =>
        new(
            "ST7009",
            Severity.Error,
            span,
            $"the columns of '{model}' have changed, and on_schema_change is '{mode}'"
        )
        {
            Details = differences,
            Hint =
                "set on_schema_change to append_new_columns or sync_all_columns, or rebuild with --full-refresh",
        };
}
