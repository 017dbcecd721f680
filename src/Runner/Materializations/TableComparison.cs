using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>How a staged table differs from the published one of the same columns: in numbers, and row by row.</summary>
public static class TableComparison
{
    /// <summary>The query of a table that says where the rows are that differ, for tables without a key.</summary>
    public static string Places(SqlDialect dialect, StagedRelation staged) =>
        InPlaceWriter.Bag(dialect, staged).Places();

    /// <summary>One row: rows before, inserted, updated, deleted.</summary>
    /// <param name="places">The table of <see cref="Places"/>; null compares by key.</param>
    public static string Counts(SqlDialect dialect, StagedRelation staged, RelationName? places)
    {
        var target = dialect.Quote(staged.Published);
        if (places is { } found)
            return $"select (select count(*) from {target}), count({RowBag.Come}), 0, count({RowBag.Gone}) "
                + $"from {dialect.Quote(found)}";
        var differ = Differ(dialect, staged) is { } condition ? $"({condition})" : "false";
        var (inTarget, inBatch) = (
            $"target.{dialect.RowAddress} is not null",
            $"batch.{dialect.RowAddress} is not null"
        );
        return $"""
            select count(case when {inTarget} then 1 end),
              count(case when not ({inTarget}) then 1 end),
              count(case when {inTarget} and {inBatch} and {differ} then 1 end),
              count(case when not ({inBatch}) then 1 end)
            from {target} as target full join {dialect.Quote(staged.Physical)} as batch
              on {InPlaceWriter.Match(dialect, staged)}
            """;
    }

    /// <summary>The changes as a change feed holds them.</summary>
    public static string Changes(SqlDialect dialect, StagedRelation staged, RelationName? places)
    {
        var columns = staged.Columns.Select(column => column.Name).ToImmutableArray();
        var target = $"{dialect.Quote(staged.Published)} as target";
        var batch = $"{dialect.Quote(staged.Physical)} as batch";
        var old = Ddl.Columns(dialect, columns, "target.");
        var now = Ddl.Columns(dialect, columns, "batch.");
        if (places is { } found)
        {
            var differences = $"{dialect.Quote(found)} as places";
            var address = dialect.RowAddress;
            return Select(
                    $"select {old} from {target} join {differences} on target.{address} = places.{RowBag.Gone}",
                    "delete"
                )
                + "\nunion all\n"
                + Select(
                    $"select {now} from {batch} join {differences} on batch.{address} = places.{RowBag.Come}",
                    "insert"
                );
        }
        var match = InPlaceWriter.Match(dialect, staged);
        List<string> parts =
        [
            Select(
                $"select {old} from {target} where not exists (select 1 from {batch} where {match})",
                "delete"
            ),
            Select(
                $"select {now} from {batch} where not exists (select 1 from {target} where {match})",
                "insert"
            ),
        ];
        if (Differ(dialect, staged) is { } differ)
            parts.Add(Select($"select {now} from {target} join {batch} on {match} where {differ}", "update"));
        return string.Join("\nunion all\n", parts);
    }

    private static string? Differ(SqlDialect dialect, StagedRelation staged) =>
        RowChanges.Differ(dialect, InPlaceWriter.Others(staged), staged.Volatile);

    private static string Select(string rows, string change) =>
        $"select *, '{change}' as {FeedTables.ChangeColumn} from ({rows}) as changed";
}
