using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Quarantine;

/// <summary>
/// The table beside a node that keeps the rows which an expectation has diverted: the node's own columns, and what is
/// known about the row. See docs/adr/0008-quarantine.md.
/// </summary>
public static class QuarantineTable
{
    /// <summary>Begins the name of every column that is not the node's own.</summary>
    public const string Prefix = "_quarantine_";

    /// <summary>The same for the same rejected row, however often it is read again.</summary>
    public const string Id = Prefix + "id";

    /// <summary>The names of all quarantine expectations that the row failed, as a JSON array.</summary>
    public const string Reasons = Prefix + "reasons";

    /// <summary>One of <see cref="RowStatus"/>.</summary>
    public const string Status = Prefix + "status";

    /// <summary>The run that diverted the row first.</summary>
    public const string Run = Prefix + "run";

    /// <summary>The batch of the node that the row stood in: its place in the sequence.</summary>
    public const string Batch = Prefix + "batch";

    public const string At = Prefix + "at";

    public const string ResolvedRun = Prefix + "resolved_run";

    public const string ResolvedAt = Prefix + "resolved_at";

    /// <summary>The batch that has published a row of the same key which would have come after this one; null when none has.</summary>
    public const string BeatenBy = Prefix + "beaten_by";

    /// <summary>The row as it was rejected, as JSON: values may be corrected in the table.</summary>
    public const string Original = Prefix + "original";

    /// <summary>What tells the row from others: its source position, else its content.</summary>
    public const string Print = Prefix + "print";

    public static RelationName Of(RelationName relation, SqlDialect dialect) =>
        new(
            relation.Schema,
            Identifiers.Fit(relation.Name + QuarantineName.Suffix, dialect.MaxIdentifierBytes)
        );

    /// <summary>The columns that are not the node's own, with their types.</summary>
    public static ImmutableArray<ColumnSchema> OwnColumns(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        var time = dialect.TypeName(SqlType.TimestampTz);
        return
        [
            new(Id, text),
            new(Reasons, text),
            new(Status, text),
            new(Run, text),
            new(Batch, big),
            new(At, time),
            new(ResolvedRun, text),
            new(ResolvedAt, time),
            new(BeatenBy, big),
            new(Original, text),
            new(Print, text),
        ];
    }

    /// <summary>
    /// True where two rows in the same place of a file are the same row: what the one had when it was rejected, the other has. A column
    /// that came later tells nothing.
    /// </summary>
    /// <param name="columns">Those to compare.</param>
    public static string IsSameRow(
        SqlDialect dialect,
        ImmutableArray<string> columns,
        string known,
        string fresh
    ) =>
        columns.IsEmpty
            ? "true"
            : string.Join(
                " and ",
                columns.Select(column =>
                {
                    var (was, now) = (Was(dialect, known, column), Was(dialect, fresh, column));
                    return $"({was} is not distinct from {now} or {IsLater(dialect, known, column)})";
                })
            );

    /// <summary>True where two rows had the same in all of these columns, or nothing in both.</summary>
    public static string HasSameValues(
        SqlDialect dialect,
        ImmutableArray<string> columns,
        string known,
        string fresh
    ) =>
        string.Join(
            " and ",
            columns.Select(column =>
                $"{Was(dialect, known, column)} is not distinct from {Was(dialect, fresh, column)}"
            )
        );

    /// <summary>What a row had in a column when it was rejected, as text.</summary>
    public static string Was(SqlDialect dialect, string row, string column) =>
        $"(cast({row}.{Original} as {dialect.JsonType}) ->> {dialect.QuoteString(column)})";

    /// <summary>True for a column that did not exist yet when a row was rejected: one that was null then is another matter.</summary>
    public static string IsLater(SqlDialect dialect, string row, string column) =>
        $"(cast({row}.{Original} as {dialect.JsonType}) -> {dialect.QuoteString(column)}) is null";

    /// <summary>True where a row has in a column what it had when it was rejected.</summary>
    public static string IsAsItCame(SqlDialect dialect, string row, string column)
    {
        // through the same form: of what JSON has no type for, the two need not be written alike
        var now =
            $"(cast(concat('{{\"k\":', coalesce(cast(to_json({row}.{dialect.QuoteIdentifier(column)}) as {dialect.TypeName(SqlType.Text)}), 'null'), '}}') as {dialect.JsonType}) ->> 'k')";
        return $"{Was(dialect, row, column)} is not distinct from {now}";
    }

    /// <summary>True for a row of which somebody has changed a value.</summary>
    /// <param name="columns">The columns that are not the quarantine's own.</param>
    public static string IsCorrected(SqlDialect dialect, string row, ImmutableArray<ColumnSchema> columns) =>
        columns.IsEmpty
            ? "false"
            : $"not ({string.Join(" and ", columns.Select(column => IsAsItCame(dialect, row, column.Name)))})";

    /// <summary>
    /// What a known row takes from the same row as it comes now: columns that are of the run, unless somebody has corrected them; those that have come since; and
    /// what it is compared with from now on. A list of assignments for <c>known</c> by <c>fresh</c>.
    /// </summary>
    /// <param name="columns">The columns of rows as they come.</param>
    /// <param name="ofTheRun">Those of them that are others in every run.</param>
    public static string AsItComes(
        SqlDialect dialect,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<string> ofTheRun
    )
    {
        var set = columns.Select(column =>
        {
            var name = dialect.QuoteIdentifier(column.Name);
            var takes = ofTheRun.Contains(column.Name)
                ? IsAsItCame(dialect, "__strata_known_row", column.Name)
                : $"__strata_known_row.{name} is null and {IsLater(dialect, "__strata_known_row", column.Name)}";
            return $"{name} = case when {takes} then __strata_fresh_row.{name} else __strata_known_row.{name} end";
        });
        return string.Join(", ", set.Append($"{Original} = __strata_fresh_row.{Original}"));
    }

    public static bool IsOwn(string column) => column.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static string Create(SqlDialect dialect, RelationName table, IEnumerable<ColumnSchema> columns)
    {
        var definitions = columns
            .Concat(OwnColumns(dialect))
            .Select(column => $"{dialect.QuoteIdentifier(column.Name)} {column.Type}");
        return $"create table {dialect.Quote(table)} ({string.Join(", ", definitions)})";
    }

    /// <summary>
    /// Gives the table the columns and types that rows have now; columns that are gone stay. What is dropped or superseded keeps only
    /// its original where a type changes.
    /// </summary>
    public static IEnumerable<string> Follow(
        SqlDialect dialect,
        RelationInfo table,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var alter = $"alter table {dialect.Quote(table.Name)} ";
        foreach (var column in columns)
        {
            var name = dialect.QuoteIdentifier(column.Name);
            var known = table.Columns.FirstOrDefault(c => c.Name == column.Name);
            if (known is null)
                yield return $"{alter}add column {name} {column.Type}";
            else if (known.Type != column.Type)
                yield return $"{alter}alter column {name} type {column.Type} using "
                    + $"case when {Status} in ('{RowStatus.Open}', '{RowStatus.Replayed}') then cast({name} as {column.Type}) end";
        }
    }

    public static string Names(SqlDialect dialect, IEnumerable<string> columns) =>
        Ddl.Columns(dialect, columns.Concat(OwnColumns(dialect).Select(column => column.Name)));
}
