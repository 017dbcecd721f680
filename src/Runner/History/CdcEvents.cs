using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>The queries that find the events in what a cdc model's query gives.</summary>
public static class CdcEvents
{
    /// <summary>One row: all rows, those that are no events because an upstream took them back, events without a sequence.</summary>
    public static string Count(CdcPlan plan, RelationName raw, bool hasChange)
    {
        var from = plan.Dialect.Quote(raw);
        var takenBack = TakenBack(plan, hasChange);
        return $"""
            select count(*), count(case when {takenBack} then 1 end),
              count(case when not ({takenBack}) and {plan.Name(plan.Sequence[0])} is null then 1 end)
            from {from}
            """;
    }

    /// <summary>The events, each once however often it arrived, with that number.</summary>
    public static string Query(CdcPlan plan, RelationName raw, bool hasChange)
    {
        // by their names: an event that comes again is the same one when the query lists its columns in another order
        var hash = string.Join(
            " || ",
            plan.Content.OrderBy(column => column.Name, StringComparer.Ordinal)
                .Select(column =>
                {
                    var text = $"cast({plan.Name(column.Name)} as {plan.Dialect.TypeName(SqlType.Text)})";
                    return $"coalesce(length({text}) || ':' || {text}, '-')";
                })
        );
        var columns = plan.Columns(plan.Content);
        return $"""
            select {columns}, {HiddenColumns.Hash}, {HiddenColumns.Deleted}, {HiddenColumns.Copies} from (
              select *, row_number() over (partition by {HiddenColumns.Hash}) as {HiddenColumns.Place},
                count(*) over (partition by {HiddenColumns.Hash}) as {HiddenColumns.Copies}
              from (
                select {columns}, {HiddenColumns.Deleted},
                  md5({hash} || case when {HiddenColumns.Deleted} then 'd' else 'u' end) as {HiddenColumns.Hash}
                from (
                  select {columns}, {Deletes(plan)} as {HiddenColumns.Deleted}
                  from {plan.Dialect.Quote(raw)} where not ({TakenBack(plan, hasChange)})
                ) as events
              ) as hashed
            ) as numbered where {HiddenColumns.Place} = 1
            """;
    }

    /// <summary>One row: events with a null in their key, further copies of events.</summary>
    public static string CountDistinct(CdcPlan plan, RelationName events)
    {
        var anyNull = string.Join(" or ", plan.Key.Select(column => $"{plan.Name(column)} is null"));
        return $"""
            select count(case when {anyNull} then 1 end),
              cast(coalesce(sum({HiddenColumns.Copies} - 1), 0) as {plan.Dialect.TypeName(SqlType.BigInt)})
            from {plan.Dialect.Quote(events)}
            """;
    }

    /// <summary>
    /// Events older than a delete that was forgotten and that may have been one of their own key: nobody can say what they mean. It was
    /// another key's where the state knows the key: any event of it where the last one decides alone, else one that is not later than
    /// the event, or a delete, since what came before a delete of the key went with it.
    /// </summary>
    public static string DropLate(CdcPlan plan, RelationName events, RelationName state, KeyMatch match)
    {
        var table = plan.Dialect.Quote(state);
        var tells = plan.KeepsPlacesOnly
            ? ""
            : $" and (__strata_known_row.{HiddenColumns.Deleted} or {NotLater(plan, "__strata_known_row", RowAlias.Batch, 0)})";
        return $"""
            delete from {plan.Dialect.Quote(events)} as {RowAlias.Batch} where exists (
              select 1 from {table} as __strata_horizon_row where __strata_horizon_row.{HiddenColumns.Horizon} and {NotLater(
                plan,
                RowAlias.Batch,
                "__strata_horizon_row",
                0
            )}
            ) and {match.NotIn($"(select * from {table} as __strata_known_row where not __strata_known_row.{HiddenColumns.Horizon}{tells})")}
            """;
    }

    /// <summary>A row's sequence, from one of its columns on, is not later than another's: as in <see cref="CdcPlan.Order"/>, nulls come first.</summary>
    private static string NotLater(CdcPlan plan, string row, string other, int from)
    {
        if (from == plan.Sequence.Length)
            return "true";
        var name = plan.Name(plan.Sequence[from]);
        var (mine, its) = ($"{row}.{name}", $"{other}.{name}");
        return $"(coalesce({mine} < {its}, {mine} is null and {its} is not null) "
            + $"or {plan.Dialect.NullSafeEquals(mine, its)} and {NotLater(plan, row, other, from + 1)})";
    }

    /// <summary>True for events that delete their row, never null.</summary>
    public static string Deletes(CdcPlan plan) =>
        plan.Config.Cdc.ApplyAsDeletes is { } deletes ? $"coalesce(({deletes}\n), false)" : "false";

    /// <summary>
    /// True for rows that are not events: a row that was deleted upstream is not an event any more, unless the model asks
    /// for the deletes of its upstream.
    /// </summary>
    public static string TakenBack(CdcPlan plan, bool hasChange) =>
        hasChange && !plan.FollowsFeed ? $"{FeedTables.ChangeColumn} = 'delete'" : "false";
}
