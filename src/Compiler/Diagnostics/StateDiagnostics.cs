using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST7xxx: state, locks, landed files, and rows that cannot be published as they are.</summary>
public static class StateDiagnostics
{
    public static Diagnostic RunLockHeld(string connection, string? holder) =>
        new("ST7001", Severity.Error, null, $"another run is writing to connection '{connection}'")
        {
            Details = holder is null ? [] : [holder],
            Hint = "wait for it to end, then run the same command again",
        };

    /// <param name="others">The connections whose locks the run has itself.</param>
    public static Diagnostic OneDatabase(string connection, IEnumerable<string> others) =>
        new(
            "ST7104",
            Severity.Error,
            null,
            $"connection '{connection}' is the same database as {string.Join(" or ", others.Select(name => $"'{name}'"))}"
        )
        {
            Hint =
                "give both layers one connection, with a schema each; two connections to one server need databases of their own",
        };

    /// <summary>Whether a diagnostic is <see cref="RunLockHeld"/> of a connection.</summary>
    public static bool IsRunLockHeld(Diagnostic diagnostic, string connection) =>
        RunLockHeld(connection, null) is var held
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
                : "strata build makes it, with what reads it",
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
                $"land changes as new files, or set on_change: replace; to take everything in again: --full-refresh --select {model}",
        };

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
                ? "make the snapshot's query give one row for each key: of several at once none is before the other"
                : "make the query give one row for each key, or name the column that decides with 'sequence_by'",
        };

    /// <summary>The code of <see cref="TargetHasSeveralOfAKey"/>.</summary>
    public const string SeveralOfAKey = "ST7029";

    /// <param name="sample">A key, and how many rows have it.</param>
    public static Diagnostic TargetHasSeveralOfAKey(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> key,
        string sample,
        bool isSnapshot
    ) =>
        new(
            SeveralOfAKey,
            Severity.Error,
            span,
            isSnapshot
                ? $"the history of '{model}' has several current versions of one unique_key ({string.Join(", ", key)})"
                : $"the table of '{model}' has several rows of one unique_key ({string.Join(", ", key)})"
        )
        {
            Details =
            [
                sample,
                "an earlier definition has made them; one row of the query would stand for all of them, so nothing was changed",
            ],
            Hint = isSnapshot
                ? "if the key is meant to be another one, give the snapshot another name, which begins a new history; else give unique_key all columns that tell its rows apart"
                : $"if the key is meant to be another one, rebuild: --full-refresh --select {model}; else give unique_key all columns that tell its rows apart",
        };

    public static Diagnostic SequenceTies(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> key,
        string sequence,
        long rows
    ) =>
        new(
            "ST7019",
            Severity.Warning,
            span,
            $"{Rows(rows)} of '{model}' lost against another of the same key ({string.Join(", ", key)}) and the same '{sequence}', with other content"
        )
        {
            Hint =
                "a hash of the content has decided, the same way in every run; name a column in sequence_by that tells them apart, or leave one row of each key in the query",
        };

    public static Diagnostic FeedColumnTaken(SourceSpan span, string model, string column, string reader) =>
        new(
            "ST7022",
            Severity.Error,
            span,
            $"'{model}' has a column '{column}', and so has its change feed, which {reader} reads"
        )
        {
            Hint = "leave the column out of the query, or give it another name there",
        };

    public static Diagnostic ColumnsLeftOut(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            "ST7020",
            Severity.Warning,
            span,
            $"{(columns.Count == 1 ? "a column" : "columns")} of the query of '{model}' {(columns.Count == 1 ? "is" : "are")} not in its table and left out: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "on_schema_change: append_new_columns adds what is new; --full-refresh fills it in the rows that are there, too",
        };

    /// <param name="columns">Each with its type in the query and in the table.</param>
    public static Diagnostic ColumnsCast(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            "ST7101",
            Severity.Warning,
            span,
            $"the query of '{model}' gives other types than its table has, and values are cast to those of the table: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "on_schema_change: sync_all_columns gives the table the types of the query; --full-refresh makes it anew",
        };

    public static Diagnostic ColumnsDropped(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> columns
    ) =>
        new(
            "ST7021",
            Severity.Warning,
            span,
            $"'{model}' loses {(columns.Count == 1 ? "a column" : "columns")} that its query no longer gives: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "on_schema_change is sync_all_columns; while the old version is kept (strata runs), rollback brings the values back",
        };

    /// <param name="isOfTable">Values of the table would take the query's types; else those of the batch the table's.</param>
    public static Diagnostic ValuesWouldChange(
        SourceSpan span,
        string model,
        bool isOfTable,
        ImmutableArray<string> columns,
        string hint
    ) =>
        new(
            "ST7023",
            Severity.Error,
            span,
            isOfTable
                ? $"values in the table of '{model}' do not fit the types that its query gives now"
                : $"values of '{model}' do not fit the types of its table"
        )
        {
            Details = columns,
            Hint = hint,
        };

    /// <param name="owner">A node of the other project.</param>
    public static Diagnostic RelationOfAnotherProject(
        SourceSpan span,
        string connection,
        string relation,
        string owner
    ) =>
        new("ST7024", Severity.Error, span, $"{relation} on connection '{connection}' is another project's")
        {
            Details = [$"{owner} was published as it"],
            Hint =
                "give each project a database, or layers with schemas, of its own; if that project is no more, or had its name changed to this one's, drop the relation",
        };

    /// <param name="relation">What the other target has published the node as.</param>
    public static Diagnostic StateOfAnotherTarget(
        SourceSpan span,
        string connection,
        string name,
        string target,
        string relation
    ) =>
        new(
            "ST7025",
            Severity.Error,
            span,
            $"connection '{connection}' keeps the state of '{name}' for target '{target}', where it is {relation}"
        )
        {
            Hint =
                "a database keeps one state: give each target a database of its own (profiles.yml); if that target is no more, drop the relation",
        };

    public static Diagnostic CopiesOfAnother(string from, string to, ImmutableArray<string> producers) =>
        new(
            "ST7026",
            Severity.Warning,
            null,
            $"what '{to}' has of {Some(producers)} is from a run that '{from}' does not know: it is brought again"
        )
        {
            Hint =
                $"if '{from}' was restored or made anew, that is all; if another working copy of the project writes to the same '{to}', the two take turns: give it a target of its own",
        };

    /// <param name="target">The target whose run has made the copies.</param>
    public static Diagnostic CopiesOfAnotherTarget(
        string from,
        string to,
        ImmutableArray<string> producers,
        string target,
        string own
    ) =>
        new(
            "ST7100",
            Severity.Error,
            null,
            $"what '{to}' has of {Some(producers)} was made by target '{target}', from another '{from}' than that of '{own}'"
        )
        {
            Hint =
                $"'{own}' would replace what '{target}' has published: give it a database of its own (profiles.yml); if '{target}' is '{own}' under a former name, build once under that name",
        };

    /// <param name="reader">Such as <c>test 'x'</c>.</param>
    public static Diagnostic OldCopy(SourceSpan span, string reader, string producer, string connection) =>
        new(
            "ST7103",
            Severity.Warning,
            span,
            $"{reader} reads the copy of '{producer}' on '{connection}', and '{producer}' has been built since it was made"
        )
        {
            Hint = $"strata build -s {producer}+ brings it up to date",
        };

    private static string Some(ImmutableArray<string> names) =>
        string.Join(", ", names.Take(3).Select(name => $"'{name}'"))
        + (names.Length > 3 ? $" and {names.Length - 3} more" : "");

    public static Diagnostic ChangeKept(SourceSpan span, string model) =>
        new(
            "ST7028",
            Severity.Warning,
            span,
            $"'{model}' keeps the column '_change' of the changes that it reads: a row that is deleted there stays, with '_change' = 'delete'"
        )
        {
            Hint =
                "name the columns to take, and write where _change <> 'delete' if nothing is deleted upstream; a cdc model applies deletes: 'apply_as_deletes'",
        };

    private static string Rows(long count) => count == 1 ? "1 row" : $"{count} rows";

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
            $"{option} of '{model}' names '{column}', which its query does not give"
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

    /// <param name="selector">Selects the node with all that reads it; of a replica, its producer.</param>
    public static Diagnostic HeldByDependents(
        SourceSpan span,
        string node,
        string relation,
        string words,
        string selector
    ) =>
        new(
            "ST7010",
            Severity.Error,
            span,
            $"'{node}' cannot be published: other objects depend on '{relation}'"
        )
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint =
                "drop or change those objects first; views of this project make way by themselves where they are built and published with what they read: "
                + $"in one layer (a replica goes with the layer that reads it) with publish: run, set on the layer of the views, by a run that selects them (--select {selector}+); what readers see is as before",
        };

    public static Diagnostic StrategyLacks(SourceSpan span, string model, string strategy, string option) =>
        new("ST7011", Severity.Error, span, $"incremental strategy {strategy} of '{model}' needs '{option}'")
        {
            Hint = $"add '{option}' to the model's config",
        };

    public static Diagnostic SeedSyntax(SourceSpan span, string seed, string problem) =>
        new("ST7012", Severity.Error, span, $"seed '{seed}' is not valid CSV: {problem}");

    /// <param name="isCut">Whether it is of that type, but has more than the type has room for.</param>
    public static Diagnostic SeedValue(
        SourceSpan span,
        string column,
        string value,
        string type,
        bool isCut
    ) =>
        new(
            "ST7013",
            Severity.Error,
            span,
            isCut
                ? $"'{value}' does not fit {type}, the type declared for column '{column}': a part of it would be lost"
                : $"'{value}' is no {type}, the type declared for column '{column}'"
        )
        {
            Hint = "correct the value, or declare another type in column_types",
        };

    public static Diagnostic StateIsNewer(string connection, long found, long known) =>
        new(
            "ST7014",
            Severity.Error,
            null,
            $"the state of connection '{connection}' has version {found}; this version of strata knows {known}"
        )
        {
            Hint = "use the newer strata that wrote it",
        };

    public static Diagnostic Failpoint(string words) =>
        new("ST7016", Severity.Error, null, $"stopped on purpose: {words}")
        {
            Hint = "STRATA_FAILPOINT is set; unset it to run normally",
        };

    public static Diagnostic StagesLeft(string connection, string words) =>
        new("ST7017", Severity.Warning, null, $"temporary tables are left on connection '{connection}'")
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint = "the next run removes them",
        };

    public static Diagnostic TableNotItsOwn(SourceSpan span, string model, RelationName relation) =>
        new(
            "ST7027",
            Severity.Error,
            span,
            $"'{model}' would have to be built from nothing, and its full_refresh: false forbids that: {relation} holds rows that its state does not tell of"
        )
        {
            Hint =
                $"if they may go, remove full_refresh: false from '{model}' for one run; if its name, alias or schema has changed, give it back the old one",
        };

    public static Diagnostic ChangesGone(SourceSpan span, string model, string upstream) =>
        new(
            "ST7018",
            Severity.Error,
            span,
            $"'{model}' must read '{upstream}' from the start, and its full_refresh: false forbids that"
        )
        {
            Hint = $"remove full_refresh: false from '{model}' for one run",
        };
}
