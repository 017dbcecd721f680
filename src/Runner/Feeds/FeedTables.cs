using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Feeds;

/// <summary>The tables that hold changes: the columns of their relation, what happened, and in which batch.</summary>
public static class FeedTables
{
    public const string Schema = "_strata_feed";

    /// <summary><c>insert</c>, <c>update</c> (with the new values) or <c>delete</c> (with the old).</summary>
    public const string ChangeColumn = "_change";

    public const string BatchColumn = "_change_batch";

    /// <summary>
    /// A change that nobody sees who reads changes as rows: the row as it was before an update that changed its
    /// event time, so that readers by period know the period which it has left.
    /// </summary>
    public const string Moved = "moved";

    /// <summary>True for the changes that are rows.</summary>
    public const string IsRow = $"{ChangeColumn} <> '{Moved}'";

    /// <summary>Whether a condition is about <see cref="ChangeColumn"/>.</summary>
    public static bool NamesChange(string? sql)
    {
        var lexer = new SqlLexer(sql ?? "");
        while (lexer.TryReadCode(out var token))
        {
            var text = sql.AsSpan(token.Start, token.Length).Trim('"');
            if (text.Equals(ChangeColumn, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>The column of a relation that its feed has for itself; null if there is none.</summary>
    public static string? Taken(IEnumerable<ColumnSchema> columns) =>
        columns
            .Select(column => column.Name)
            .FirstOrDefault(name =>
                name.Equals(ChangeColumn, StringComparison.OrdinalIgnoreCase)
                || name.Equals(BatchColumn, StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>Whether a feed has, beside its own, the columns of some rows and no others.</summary>
    public static bool HasColumnsOf(IEnumerable<ColumnSchema> feed, IEnumerable<ColumnSchema> rows) =>
        feed.Where(column => column.Name is not (ChangeColumn or BatchColumn))
            .Select(column => (column.Name, column.Type))
            .ToHashSet()
            .SetEquals(rows.Select(column => (column.Name, column.Type)));

    public static RelationName Of(RelationName relation, SqlDialect dialect) =>
        new(Schema, Identifiers.Fit(Identifiers.Joined(relation), dialect.MaxIdentifierBytes));

    public static string Create(SqlDialect dialect, RelationName feed, IEnumerable<ColumnSchema> columns)
    {
        var definitions = columns
            .Select(column => Definition(dialect, column))
            .Append($"{ChangeColumn} {dialect.TypeName(SqlType.Text)} not null")
            .Append($"{BatchColumn} {dialect.TypeName(SqlType.BigInt)} not null");
        return $"create table {dialect.Quote(feed)} ({string.Join(", ", definitions)})";
    }

    /// <summary>The feed goes on with one more column: null in the changes that it holds already.</summary>
    public static string AddColumn(SqlDialect dialect, RelationName feed, ColumnSchema column) =>
        $"alter table {dialect.Quote(feed)} add column {Definition(dialect, column)}";

    private static string Definition(SqlDialect dialect, ColumnSchema column) =>
        $"{dialect.QuoteIdentifier(column.Name)} {column.Type}";
}
