using System.Collections.Immutable;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;

namespace Strata.Runner.Materializations;

/// <summary>The statements that bring a node's rows, or its view, into the stage of a run.</summary>
public static class StageScripts
{
    /// <summary>
    /// Where the rows of a whole relation are staged: under their own name in the stage schema if publishing
    /// copies them, else beside the published table, to be renamed.
    /// </summary>
    /// <param name="existing">What is published now.</param>
    public static RelationName TablePlace(
        StageNames names,
        AdapterCapabilities capabilities,
        RelationName published,
        RelationInfo? existing
    ) => IsCopied(capabilities, existing) ? names.PostImage(published) : names.Sibling(published);

    private static bool IsCopied(AdapterCapabilities capabilities, RelationInfo? existing) =>
        capabilities.RelationIdentityMatters && existing is { Kind: RelationKind.Table };

    public static ModelStatement TableAs(
        SqlDialect dialect,
        AdapterCapabilities capabilities,
        RelationName place,
        BoundSql body
    ) => ModelStatement.Around($"{CreateTable(dialect, capabilities, place)} as\n", body);

    /// <summary>The beginning of a statement that makes a stage out of a query.</summary>
    public static string CreateTable(
        SqlDialect dialect,
        AdapterCapabilities capabilities,
        RelationName place
    ) => $"{Create(dialect, capabilities, place)}{Untended(dialect)}";

    private static string Create(SqlDialect dialect, AdapterCapabilities capabilities, RelationName place) =>
        $"create {(IsUnlogged(capabilities, place) ? "unlogged " : "")}table {dialect.Quote(place)}";

    private static string Untended(SqlDialect dialect) =>
        dialect.Untended is { } setting ? $" with ({setting} = false)" : "";

    /// <summary>Of a stage that becomes the published table: from now on the server tends it.</summary>
    public static string? Tend(SqlDialect dialect, RelationName stage) =>
        dialect.Untended is { } setting ? $"alter table {dialect.Quote(stage)} reset ({setting})" : null;

    /// <summary>A stage that becomes the published table must survive what that survives.</summary>
    public static bool IsUnlogged(AdapterCapabilities capabilities, RelationName place) =>
        capabilities.UnloggedTables && RunId.IsStageName(place.Schema);

    public static string Table(
        SqlDialect dialect,
        AdapterCapabilities capabilities,
        RelationName place,
        IEnumerable<ColumnSchema> columns
    )
    {
        var definitions = columns.Select(column => $"{dialect.QuoteIdentifier(column.Name)} {column.Type}");
        return $"{Create(dialect, capabilities, place)} ({string.Join(", ", definitions)}){Untended(dialect)}";
    }

    /// <summary>The beginning of a statement that makes a table which only its session sees.</summary>
    public static string CreateTemporary(SqlDialect dialect, RelationName place) =>
        $"create or replace temporary table {dialect.Quote(place)}";

    public static ModelStatement ViewAs(SqlDialect dialect, RelationName place, BoundSql body) =>
        ModelStatement.Around($"create view {dialect.Quote(place)} as\n", body);

    /// <summary>Gives the physical stage the name that others read, where it has another.</summary>
    public static string Alias(SqlDialect dialect, RelationName postImage, RelationName physical) =>
        $"create view {dialect.Quote(postImage)} as select * from {dialect.Quote(physical)}";

    /// <summary>The rows that lose against another with the same key, by <paramref name="sequenceBy"/>, are removed.</summary>
    public static string KeepLatest(
        SqlDialect dialect,
        RelationName stage,
        ImmutableArray<string> key,
        string sequenceBy,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var table = dialect.Quote(stage);
        return $"""
            delete from {table} where {dialect.RowAddress} in (
              select address from (
                select {dialect.RowAddress} as address, row_number() over (
                  partition by {Ddl.Columns(dialect, key)} order by {sequenceBy} desc nulls last, {Digest(
                    dialect,
                    columns
                )}
                ) as place from {table}
              ) as ranked where place > 1
            )
            """;
    }

    /// <summary>
    /// One row: the rows that <see cref="KeepLatest"/> will remove, and those of them for which the sequence is no reason, because
    /// it is that of the row which stays, and the content is not.
    /// </summary>
    public static string CountLosers(
        SqlDialect dialect,
        RelationName stage,
        ImmutableArray<string> key,
        string sequenceBy,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var by = $"partition by {Ddl.Columns(dialect, key)} order by {sequenceBy} desc nulls last";
        var digest = Digest(dialect, columns);
        return $"""
            select count(case when place > 1 then 1 end), count(case when standing = 1 and digest <> best then 1 end) from (
              select {digest} as digest, row_number() over ({by}, {digest}) as place, rank() over ({by}) as standing,
                first_value({digest}) over ({by}, {digest}) as best
              from {dialect.Quote(stage)}
            ) as ranked
            """;
    }

    /// <summary>What tells rows of equal sequence apart: the whole row, so that two runs keep the same one.</summary>
    private static string Digest(SqlDialect dialect, ImmutableArray<ColumnSchema> columns) =>
        $"md5(cast(row({Ddl.Columns(dialect, columns.Select(c => c.Name))}) as {dialect.TypeName(SqlType.Text)}))";

    /// <summary>
    /// Gathers what an engine must know that joins a stage: by its key, from a small sample, which costs a twentieth of a large one of all
    /// columns. Without a key, or of a stage that becomes the table, all of it. Nothing where the engine does not ask for it.
    /// </summary>
    /// <param name="key">What the rows are going to be joined by; empty where that may be anything.</param>
    public static ImmutableArray<string> Analyze(
        SqlDialect dialect,
        AdapterCapabilities capabilities,
        RelationName stage,
        ImmutableArray<string> key
    )
    {
        if (!capabilities.NeedsAnalyze)
            return [];
        var table = dialect.Quote(stage);
        if (key.IsEmpty || !IsUnlogged(capabilities, stage))
            return [$"analyze {table}"];
        var small = key.Select(column => $"alter column {dialect.QuoteIdentifier(column)} set statistics 10");
        return
        [
            $"alter table {table} {string.Join(", ", small)}",
            $"analyze {table} ({Ddl.Columns(dialect, key)})",
        ];
    }

    /// <summary>One row: all rows, and those with a null in their key.</summary>
    public static string CountRows(SqlDialect dialect, RelationName stage, ImmutableArray<string> key)
    {
        var anyNull = string.Join(" or ", key.Select(column => $"{dialect.QuoteIdentifier(column)} is null"));
        var nullKeys = key.IsEmpty ? "0" : $"count(case when {anyNull} then 1 end)";
        return $"select count(*), {nullKeys} from {dialect.Quote(stage)}";
    }

    /// <summary>
    /// One row: all rows, those with a null in their key, different keys that are not null, the least and the greatest. Sorting the keys
    /// for the last three costs a third of grouping the rows by them.
    /// </summary>
    public static string SurveyKey(SqlDialect dialect, RelationName stage, string column)
    {
        var key = dialect.QuoteIdentifier(column);
        var text = dialect.TypeName(SqlType.Text);
        return $"select count(*), count(*) - count({key}), count(distinct {key}), cast(min({key}) as {text}), "
            + $"cast(max({key}) as {text}) from {dialect.Quote(stage)}";
    }

    /// <summary>Some keys that stand more than once, with how often; of no column: all rows are of one key.</summary>
    /// <param name="where">What rows are looked at, with a space behind; or nothing.</param>
    /// <param name="cast">Columns of the key that count as values of other types.</param>
    /// <param name="into">A table by whose collations keys are the same, or not.</param>
    public static string DuplicateKeys(
        SqlDialect dialect,
        RelationName table,
        ImmutableArray<string> key,
        int limit,
        string where = "",
        ImmutableArray<ColumnSchema> cast = default,
        RelationName? into = null
    )
    {
        var columns = Ddl.Columns(dialect, key);
        var from = $"from {dialect.Quote(table)} {where}";
        if (!cast.IsDefaultOrEmpty || into is not null)
        {
            var values = key.Select(name =>
                (cast.IsDefault ? [] : cast).FirstOrDefault(column => column.Name == name) is { } column
                    ? $"cast({dialect.QuoteIdentifier(name)} as {column.Type}) as {dialect.QuoteIdentifier(name)}"
                    : dialect.QuoteIdentifier(name)
            );
            var like = into is { } target
                ? $"select {columns} from {dialect.Quote(target)} where false union all "
                : "";
            from = $"from ({like}select {string.Join(", ", values)} {from}) as rows ";
        }
        return key.IsEmpty
            ? $"select count(*) {from}having count(*) > 1"
            : $"""
                select {columns}, count(*) as occurrences {from}
                group by {columns} having count(*) > 1 order by count(*) desc, {columns} limit {limit}
                """;
    }
}
