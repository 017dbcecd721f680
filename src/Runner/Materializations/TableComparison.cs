using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// How a staged table differs from the published one of the same columns. Where the rows are that differ is found in one pass and written down; their
/// numbers, the changes and the publishing (<see cref="InPlaceWriter"/>) only fetch them by their addresses.
/// </summary>
public static class TableComparison
{
    /// <summary>
    /// The columns of <see cref="Places"/>: the address of a row of the published table, and that of a staged one. A row goes that has
    /// only the former, comes that has only the latter, and changes that has both.
    /// </summary>
    public const string Gone = "gone";
    public const string Come = "come";

    private const string KeyPrefix = "__strata_key_";

    /// <summary>The query of a table that says where the rows are that differ.</summary>
    /// <param name="isKeyed">See <see cref="WriterChoice.IsKeyed"/>; otherwise rows are compared as a whole, and none changes.</param>
    public static string Places(SqlDialect dialect, StagedRelation staged, bool isKeyed)
    {
        if (!isKeyed)
            return InPlaceWriter.Bag(dialect, staged).Places();
        var address = dialect.RowAddress;
        var keys = staged.Key.Select(
            (key, i) => $", {RowAlias.Target}.{dialect.QuoteIdentifier(key)} as {KeyPrefix}{i}"
        );
        var differ = RowChanges.Differ(dialect, InPlaceWriter.Others(staged), staged.Volatile)
            is { } condition
            ? $" or {condition}"
            : "";
        return $"""
            select {RowAlias.Target}.{address} as {Gone}, {RowAlias.Batch}.{address} as {Come}{string.Concat(keys)}
            from {dialect.Quote(staged.Published)} as {RowAlias.Target} full join {dialect.Quote(
                staged.Physical
            )} as {RowAlias.Batch}
              on {InPlaceWriter.Match(dialect, staged)}
            where {RowAlias.Target}.{address} is null or {RowAlias.Batch}.{address} is null{differ}
            """;
    }

    /// <summary>True for a row of the target that still has the key which it had when it was found.</summary>
    internal static string HasItsKey(SqlDialect dialect, StagedRelation staged) =>
        string.Join(
            " and ",
            staged.Key.Select(
                (key, i) =>
                    dialect.NullSafeEquals(
                        $"{RowAlias.Target}.{dialect.QuoteIdentifier(key)}",
                        $"places.{KeyPrefix}{i}"
                    )
            )
        );

    /// <summary>One row: rows inserted, updated, deleted.</summary>
    /// <param name="places">The table of <see cref="Places"/>.</param>
    public static string Counts(SqlDialect dialect, RelationName places) =>
        $"""
            select count(case when {Gone} is null then 1 end),
              count(case when {Gone} is not null and {Come} is not null then 1 end),
              count(case when {Come} is null then 1 end)
            from {dialect.Quote(places)}
            """;

    /// <summary>One row: the rows of a table, and <see cref="SqlDialect.AddressDigest"/>.</summary>
    public static string Before(SqlDialect dialect, RelationName table) =>
        $"select count(*), cast({dialect.AddressDigest ?? "null"} as {dialect.TypeName(SqlType.Text)}) from {dialect.Quote(table)}";

    /// <summary>The changes as a change feed holds them.</summary>
    /// <param name="isKeyed">As <see cref="Places"/> was asked.</param>
    public static string Changes(SqlDialect dialect, StagedRelation staged, RelationName places, bool isKeyed)
    {
        var columns = staged.Columns.Select(column => column.Name).ToImmutableArray();
        var found = $"{dialect.Quote(places)} as places";
        var address = dialect.RowAddress;
        return $"""
            select {Ddl.Columns(dialect, columns, $"{RowAlias.Target}.")}, 'delete' as {FeedTables.ChangeColumn}
            from {dialect.Quote(staged.Published)} as {RowAlias.Target} join {found} on {RowAlias.Target}.{address} = places.{Gone}
            where places.{Come} is null{(isKeyed ? $" and {HasItsKey(dialect, staged)}" : "")}
            union all
            select {Ddl.Columns(
                dialect,
                columns,
                $"{RowAlias.Batch}."
            )}, case when places.{Gone} is null then 'insert' else 'update' end
            from {dialect.Quote(staged.Physical)} as {RowAlias.Batch} join {found} on {RowAlias.Batch}.{address} = places.{Come}
            """;
    }
}
