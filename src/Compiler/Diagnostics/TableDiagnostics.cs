using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST702x and ST710x: the tables that are there already: which columns, types and keys they take of a query, whose they are, and copies of them on other connections.</summary>
public static class TableDiagnostics
{
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
}
