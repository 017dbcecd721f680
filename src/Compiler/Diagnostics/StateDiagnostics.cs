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
                "use one connection for both layers, with a schema each; two connections to one server need separate databases",
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
                ? $"the history of '{model}' has several current versions with the same unique_key ({string.Join(", ", key)})"
                : $"the table of '{model}' has several rows with the same unique_key ({string.Join(", ", key)})"
        )
        {
            Details =
            [
                sample,
                "an earlier definition made them; one row of the query would replace them all, so nothing was changed",
            ],
            Hint = isSnapshot
                ? "if the key was changed on purpose, give the snapshot another name, which begins a new history; otherwise add the columns to unique_key that tell its rows apart"
                : $"if the key was changed on purpose, rebuild: --full-refresh --select {model}; otherwise add the columns to unique_key that tell its rows apart",
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
            $"{Rows(rows)} of '{model}' lost to another with the same key ({string.Join(", ", key)}) and the same '{sequence}', but different content"
        )
        {
            Hint =
                "name a column in sequence_by that tells them apart, or return one row for each key; until then, a hash of the content decides, the same way in every run",
        };

    public static Diagnostic FeedColumnTaken(SourceSpan span, string model, string column, string reader) =>
        new(
            "ST7022",
            Severity.Error,
            span,
            $"'{model}' has a column '{column}', a name that its change feed needs, which {reader} reads"
        )
        {
            Hint = "leave the column out of the query, or rename it there",
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
            $"{(columns.Count == 1 ? "a column" : "columns")} of the query of '{model}' {(columns.Count == 1 ? "is" : "are")} not in its table and therefore left out: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "to add new columns, set on_schema_change: append_new_columns; to fill them in existing rows as well, use --full-refresh",
        };

    /// <summary>For an error about a column that was left out above: why it is not there.</summary>
    public static string IgnoredColumnHint(string upstream, string column) =>
        $"the query of '{upstream}' gives '{column}', but its table does not have it: on_schema_change is ignore (ST7020); "
        + $"append_new_columns adds it, and --full-refresh -s {upstream} fills it";

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
            $"the query of '{model}' returns other types than its table has, so values are cast to those of the table: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "on_schema_change: sync_all_columns gives the table the types of the query; --full-refresh rebuilds it",
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
            $"'{model}' loses {(columns.Count == 1 ? "a column" : "columns")} that its query no longer returns: {string.Join(", ", columns)}"
        )
        {
            Hint =
                "on_schema_change is sync_all_columns; 'strata rollback' brings the values back while the old version is kept (see 'strata runs')",
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
                ? $"values in the table of '{model}' do not fit the types that its query returns now"
                : $"values of '{model}' do not fit the types of its table"
        )
        {
            Details = columns,
            Hint = hint,
        };

    /// <param name="own">The name of this project.</param>
    /// <param name="other">The name of the project that has published the relations.</param>
    public static Diagnostic RelationsOfAnotherProject(
        string own,
        string other,
        ImmutableArray<ForeignRelation> relations
    )
    {
        var first = relations[0];
        ImmutableArray<string> connections =
        [
            .. relations.Select(one => $"'{one.Connection}'").Distinct(StringComparer.Ordinal),
        ];
        // a name in strata.yml that was changed, most likely
        var isRenamed = relations.All(one => one.HasNameOfOwner);
        var isOne = relations.Length == 1;
        return new Diagnostic(
            "ST7024",
            Severity.Error,
            isOne ? first.Place : null,
            isOne
                ? $"{first.Relation} on connection '{first.Connection}' belongs to another project"
                : $"{relations.Length} relations of '{own}' on {(connections.Length == 1 ? "connection" : "connections")} {string.Join(", ", connections)} belong to project '{other}'"
        )
        {
            Details = isOne
                ? [$"{first.Owner} was published as it"]
                : [Some([.. relations.Select(one => one.Relation)])],
            Hint =
                (
                    isRenamed
                        ? $"if project '{other}' was renamed to '{own}', set 'name: {other}' in strata.yml again; if not, "
                        : ""
                )
                + "give each project its own database, or its own schemas; if the other project no longer exists, drop its relations",
        };
    }

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
                "give each target its own database in profiles.yml, because a database keeps one state; if the other target no longer exists, drop the relation",
        };

    public static Diagnostic CopiesOfAnother(string from, string to, ImmutableArray<string> producers) =>
        new(
            "ST7026",
            Severity.Warning,
            null,
            $"'{to}' has copies of {Some(producers)} from a run that '{from}' has no record of: they are copied again"
        )
        {
            Hint =
                $"if '{from}' was restored or recreated, there is nothing to do; if another working copy of the project writes to the same '{to}', give it its own target, or each replaces the copies of the other",
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
            $"'{to}' has copies of {Some(producers)} that target '{target}' made, from another '{from}' than that of '{own}'"
        )
        {
            Hint =
                $"give '{own}' its own database in profiles.yml, or it would replace what '{target}' has published; if '{target}' is the former name of '{own}', build once under that name",
        };

    /// <param name="reader">Such as <c>test 'x'</c>.</param>
    public static Diagnostic OldCopy(SourceSpan span, string reader, string producer, string connection) =>
        new(
            "ST7103",
            Severity.Warning,
            span,
            $"{reader} reads the copy of '{producer}' on '{connection}', but '{producer}' has been built since that copy was made"
        )
        {
            Hint = $"'strata build -s {producer}+' brings it up to date",
        };

    private static string Some(ImmutableArray<string> names) =>
        string.Join(", ", names.Take(3).Select(name => $"'{name}'"))
        + (names.Length > 3 ? $" and {names.Length - 3} more" : "");

    public static Diagnostic ChangeKept(SourceSpan span, string model) =>
        new(
            "ST7028",
            Severity.Warning,
            span,
            $"'{model}' keeps the column '_change' of the changes that it reads: a row that is deleted upstream stays, with '_change' = 'delete'"
        )
        {
            Hint =
                "select the columns by name; to ignore deletes, add where _change <> 'delete'; to apply them, use a cdc model with 'apply_as_deletes'",
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
                "drop or change those objects first, or publish views of this project together with what they read: "
                + $"set publish: run on their layer, which must also be that of what they read, and select them, too (--select {selector}+); nothing was published",
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
                : $"'{value}' is not a valid {type}, the type declared for column '{column}'"
        )
        {
            Hint = "correct the value, or declare another type in column_types",
        };

    public static Diagnostic StateIsNewer(string connection, long found, long known) =>
        new(
            "ST7014",
            Severity.Error,
            null,
            $"the state of connection '{connection}' has version {found}, but this version of strata knows only {known}"
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
            $"'{model}' would have to be built from nothing, but its full_refresh: false forbids that: {relation} has rows that the state has no record of"
        )
        {
            Hint =
                $"if those rows may go, remove full_refresh: false from '{model}' for one run; if its name, alias or schema has changed, change it back",
        };

    public static Diagnostic ChangesGone(SourceSpan span, string model, string upstream) =>
        new(
            "ST7018",
            Severity.Error,
            span,
            $"'{model}' must read '{upstream}' from the start, but its full_refresh: false forbids that"
        )
        {
            Hint = $"remove full_refresh: false from '{model}' for one run",
        };
}
