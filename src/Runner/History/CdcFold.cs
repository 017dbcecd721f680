using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>
/// What the events of some keys come to. Everything here is a function of the *set* of a key's events, ordered by their own
/// sequence: neither the order nor the batches in which they arrived can be seen in the result.
/// </summary>
public static class CdcFold
{
    /// <summary>The new events and the state's events of the same keys, each once.</summary>
    /// <param name="state">Null when there is none yet.</param>
    public static string Candidates(CdcPlan plan, RelationName events, RelationInfo? state, KeyMatch match)
    {
        var columns = plan.Columns(plan.Content);
        var incoming = plan.Dialect.Quote(events);
        var parts = new List<string>
        {
            $"select {columns}, {HiddenColumns.Hash}, {HiddenColumns.Deleted}, 0 as {HiddenColumns.Old} from {incoming}",
        };
        if (state is not null)
        {
            var old = plan.Content.Select(column =>
                state.Columns.Any(stored => stored.Name == column.Name)
                    ? $"{RowAlias.Target}.{plan.Name(column.Name)}"
                    : $"cast(null as {column.Type}) as {plan.Name(column.Name)}"
            );
            parts.AddRange(
                match.Conditions.Select(condition =>
                    $"select {string.Join(", ", old)}, {RowAlias.Target}.{HiddenColumns.Hash}, {RowAlias.Target}.{HiddenColumns.Deleted}, 1 "
                    + $"from {plan.Dialect.Quote(state.Name)} as {RowAlias.Target} where not {RowAlias.Target}.{HiddenColumns.Horizon} "
                    + $"and exists (select 1 from {incoming} as {RowAlias.Batch} where {condition})"
                )
            );
        }
        // of two copies the one that has just arrived: it holds everything
        return $"""
            select {columns}, {HiddenColumns.Hash}, {HiddenColumns.Deleted}, {HiddenColumns.Old}, {HiddenColumns.Known} from (
              select *, max({HiddenColumns.Old}) over (partition by {HiddenColumns.Hash}) as {HiddenColumns.Known},
                row_number() over (partition by {HiddenColumns.Hash} order by {HiddenColumns.Old}) as {HiddenColumns.Place}
              from (
            {string.Join("\nunion all\n", parts)}
              ) as copies
            ) as numbered where {HiddenColumns.Place} = 1
            """;
    }

    /// <summary>One row: new events that share key and sequence with another one.</summary>
    public static string CountTies(CdcPlan plan, RelationName candidates) =>
        $"""
            select count(*) from (
              select {HiddenColumns.Known}, count(*) over (
                partition by {plan.KeyList}, {Ddl.Columns(plan.Dialect, plan.Sequence)}{(
                plan.FollowsFeed ? $", {HiddenColumns.Deleted}" : ""
            )}
              ) as events from {plan.Dialect.Quote(candidates)}
            ) as tied where events > 1 and {HiddenColumns.Known} = 0
            """;

    /// <summary>The candidates in order: which is the last of its key, which must stay in the state, which nulls mean what.</summary>
    public static string Folded(CdcPlan plan, RelationName candidates)
    {
        var from = plan.Dialect.Quote(candidates);
        if (!plan.Config.Cdc.IgnoreNullUpdates)
        {
            var kept = plan.KeepsHistory ? "1" : $"case when {HiddenColumns.Place} = 1 then 1 else 0 end";
            // counted from the end, so that the last is the first
            return $"""
                select *, case when {HiddenColumns.Place} = 1 then 1 else 0 end as {HiddenColumns.Last}, {kept} as {HiddenColumns.Kept}
                from (
                  select *, row_number() over (partition by {plan.KeyList} order by {plan.OrderDescending}) as {HiddenColumns.Place}
                  from {from}
                ) as ordered
                """;
        }
        return Filled(plan, from);
    }

    /// <summary>
    /// One row, of the new events: those that count from now on, those that the state knew or that others overrule, the deletes
    /// among the first that are the last of their key, and those that are the last of their key and no delete.
    /// </summary>
    public static string CountFates(CdcPlan plan, RelationName folded)
    {
        var counts = $"{HiddenColumns.Kept} = 1 and {HiddenColumns.Known} = 0";
        return $"""
            select count(case when {counts} then 1 end), count(case when not ({counts}) then 1 end),
              count(case when {counts} and {HiddenColumns.Last} = 1 and {HiddenColumns.Deleted} then 1 end),
              count(case when {HiddenColumns.Last} = 1 and not {HiddenColumns.Deleted} then 1 end)
            from {plan.Dialect.Quote(folded)} where {HiddenColumns.Old} = 0
            """;
    }

    /// <summary>The values of an output column in the folded events.</summary>
    public static string Value(CdcPlan plan, ColumnSchema column) =>
        plan.Config.Cdc.IgnoreNullUpdates && !plan.IsKey(column)
            ? HiddenColumns.Filled(plan.Content.IndexOf(column))
            : plan.Name(column.Name);

    /// <summary>
    /// Nulls are filled from the last event before that had a value, since the last delete. What a late event could
    /// bring to light stays in the state: of each column the last value, and the last delete.
    /// </summary>
    private static string Filled(CdcPlan plan, string from)
    {
        const string life = "__strata_life";
        const string lastLife = "__strata_last_life";
        var columns = plan
            .Content.Select((column, i) => (Column: column, I: i))
            .Where(pair => !plan.IsKey(pair.Column))
            .Select(pair =>
                (
                    pair.I,
                    Value: $"case when not {HiddenColumns.Deleted} then {plan.Name(pair.Column.Name)} end"
                )
            )
            .ToImmutableArray();
        var lives = $"partition by {plan.KeyList}, {life}";
        var ascending = plan.Order;
        var counts = columns.Select(column =>
            $"count({column.Value}) over ({lives} order by {HiddenColumns.Place}) as __strata_count_{column.I}, "
            + $"count({column.Value}) over ({lives}) as __strata_total_{column.I}"
        );
        var filled = columns.Select(column =>
            $"first_value({column.Value}) over ({lives}, __strata_count_{column.I} order by {HiddenColumns.Place}) "
            + $"as {HiddenColumns.Filled(column.I)}"
        );
        var needed = columns.Select(column =>
            $"({column.Value} is not null and __strata_count_{column.I} = __strata_total_{column.I})"
        );
        var kept = plan.KeepsHistory
            ? "1"
            : $"case when {HiddenColumns.Last} = 1 or {life} = {lastLife} and ({HiddenColumns.Deleted} or {string.Join(" or ", needed)}) then 1 else 0 end";
        return $"""
            select *, {string.Join(", ", filled)}, {kept} as {HiddenColumns.Kept} from (
              select *, max({life}) over (partition by {plan.KeyList}) as {lastLife},
                case when {HiddenColumns.Place} = max({HiddenColumns.Place}) over (partition by {plan.KeyList}) then 1 else 0 end as {HiddenColumns.Last},
                {string.Join(", ", counts)}
              from (
                select *, row_number() over (partition by {plan.KeyList} order by {ascending}) as {HiddenColumns.Place},
                  sum(case when {HiddenColumns.Deleted} then 1 else 0 end) over (
                    partition by {plan.KeyList} order by {ascending} rows between unbounded preceding and current row
                  ) as {life}
                from {from}
              ) as ordered
            ) as counted
            """;
    }
}
