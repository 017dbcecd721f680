using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>The rows of a cdc model's table, out of folded events.</summary>
public static class CdcRows
{
    /// <summary>The rows that the table must have for the keys of the events.</summary>
    public static string Query(CdcPlan plan, RelationName folded) =>
        plan.KeepsHistory ? Versions(plan, folded) : Latest(plan, folded);

    /// <summary>The identities of rows of the table that it must not have any more.</summary>
    public static string Gone(CdcPlan plan, CdcStages stages, RelationName target, KeyMatch match)
    {
        var identity = Ddl.Columns(plan.Dialect, plan.Identity);
        if (!plan.KeepsHistory)
            return $"select {identity} from {plan.Dialect.Quote(stages.Folded)} "
                + $"where {HiddenColumns.Last} = 1 and {HiddenColumns.Old} = 0 and {HiddenColumns.Deleted}";
        var events = plan.Dialect.Quote(stages.Events);
        var versions = match with { Key = plan.Identity };
        return string.Join(
            "\nunion all\n",
            match.Conditions.Select(condition =>
                $"select {Ddl.Columns(plan.Dialect, plan.Identity, $"{RowAlias.Target}.")} from {plan.Dialect.Quote(target)} as {RowAlias.Target} "
                + $"where exists (select 1 from {events} as {RowAlias.Batch} where {condition}) "
                + $"and {versions.NotInBatch(plan.Dialect.Quote(stages.Rows))}"
            )
        );
    }

    // a row whose last event was in the state already is in the table as it should be
    private static string Latest(CdcPlan plan, RelationName folded) =>
        $"select {Values(plan)} from {plan.Dialect.Quote(folded)} "
        + $"where {HiddenColumns.Last} = 1 and not {HiddenColumns.Deleted}"
        + (plan.KeepsPlacesOnly ? $" and {HiddenColumns.Old} = 0" : "");

    /// <summary>
    /// Events that change nothing tracked go on with the version before them. A version that ends at the instant at which it
    /// begins was never there to be seen.
    /// </summary>
    private static string Versions(CdcPlan plan, RelationName folded)
    {
        const string starts = "__strata_starts";
        const string run = "__strata_run";
        const string back = "__strata_back";
        const string from = "__strata_from";
        const string to = "__strata_to";
        var names = plan.Config.History;
        var window = $"over (partition by {plan.KeyList} order by {plan.Order})";
        var tracked = plan.Content.Where(column => plan.Tracked.Contains(column.Name)).ToImmutableArray();
        var differs = tracked
            .Select(column =>
            {
                var value = Value(plan, column);
                return plan.Dialect.Differ(value, $"lag({value}) {window}", column.Type);
            })
            .Prepend(HiddenColumns.Deleted)
            .Prepend($"lag({HiddenColumns.Deleted}) {window} is distinct from false");
        var runs = $"partition by {plan.KeyList}, {run}";
        var sequence = plan.Name(plan.Sequence[0]);
        return $"""
            select {plan.Columns(plan.Output)}, {from} as {plan.Name(names.ValidFrom)}, {to} as {plan.Name(
                names.ValidTo
            )},
              {to} is null as {plan.Name(names.IsCurrent)}
            from (
              select *, lead({from}) over (partition by {plan.KeyList} order by {run}) as {to} from (
                select {Values(plan)}, {HiddenColumns.Deleted}, {run},
                  first_value({sequence}) over ({runs} order by {plan.Order}) as {from},
                  row_number() over ({runs} order by {plan.OrderDescending}) as {back}
                from (
                  select *, sum({starts}) over (
                    partition by {plan.KeyList} order by {plan.Order} rows between unbounded preceding and current row
                  ) as {run}
                  from (
                    select *, case when {string.Join(" or ", differs)} then 1 else 0 end as {starts}
                    from {plan.Dialect.Quote(folded)}
                  ) as compared
                ) as grouped
              ) as versions where {back} = 1
            ) as bounded
            where not {HiddenColumns.Deleted} and {from} is distinct from {to}
            """;
    }

    private static string Value(CdcPlan plan, ColumnSchema column) => CdcFold.Value(plan, column);

    private static string Values(CdcPlan plan) =>
        string.Join(", ", plan.Output.Select(column => $"{Value(plan, column)} as {plan.Name(column.Name)}"));
}
