using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// The changes that a batch makes to its target, as a query over both: what the feed will hold. Rows that stay
/// as they are do not appear.
/// </summary>
public static class ChangeQuery
{
    /// <param name="column">What the column is called that says <c>insert</c>, <c>update</c> or <c>delete</c>.</param>
    public static string Write(
        SqlDialect dialect,
        IncrementalBatch batch,
        string column = FeedTables.ChangeColumn
    )
    {
        var target = Overlay.Target(dialect, batch);
        var stage = dialect.Quote(batch.Staged.Physical);
        var incoming =
            $"{Select(Overlay.Incoming(dialect, batch), "insert", column)} from {stage} as {RowAlias.Batch}";
        return batch.Strategy switch
        {
            IncrementalStrategy.Append => incoming,
            IncrementalStrategy.Merge => Union([
                .. MergeDeletes(dialect, batch, column),
                .. MergeUpdates(dialect, batch, target, stage, column),
                $"{incoming} where {IsNew(dialect, batch, target, stage)}",
            ]),
            IncrementalStrategy.DeleteInsert => Union([
                .. batch.Match.Conditions.Select(condition =>
                    Gone(dialect, batch, target, $"{stage} as {RowAlias.Batch}", condition, column)
                ),
                incoming,
            ]),
            IncrementalStrategy.InsertOverwrite => Union([
                Gone(
                    dialect,
                    batch,
                    target,
                    $"{IncrementalWriter.Partitions(dialect, batch)} as partitions",
                    IncrementalWriter.PartitionMatch(dialect, batch),
                    column
                ),
                incoming,
            ]),
            IncrementalStrategy.Microbatch => Union([
                Changed(IncrementalWriter.Bag(dialect, batch).GoneRows(), "delete", column),
                Changed(IncrementalWriter.Bag(dialect, batch).ComeRows(), "insert", column),
            ]),
            _ => throw new NotSupportedException($"strategy {batch.Strategy}"),
        };
    }

    private static string Changed(string rows, string change, string column) =>
        $"select *, '{change}' as {column} from ({rows}) as changed";

    /// <summary>
    /// The rows that the batch will update, as they are before it; null if it updates none. Together with
    /// <see cref="Write"/> this is all that it takes to undo the batch.
    /// </summary>
    public static string? Before(SqlDialect dialect, IncrementalBatch batch, string change, string column)
    {
        if (batch.Strategy != IncrementalStrategy.Merge || Overlay.Differ(dialect, batch) is not { } differ)
            return null;
        if (batch.Merged is { } merged)
        {
            var columns = Ddl.Columns(dialect, batch.Columns.After.Select(each => each.Name));
            return $"{Select(columns, change, column)} from {dialect.Quote(merged.Before)}";
        }
        if (batch.Met is { } met)
            return $"{Select(Overlay.Kept(dialect, batch), change, column)} {met.FromChanging(dialect, batch)}";
        var target = Overlay.Target(dialect, batch);
        var stage = dialect.Quote(batch.Staged.Physical);
        return Union([
            .. batch.Match.Conditions.Select(condition =>
                $"{Select(Overlay.Kept(dialect, batch), change, column)} "
                + $"from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {condition} where {differ}"
            ),
        ]);
    }

    /// <summary>
    /// The rows that a batch gives another event time, as they are before it (<see cref="FeedTables.Moved"/>); null if it
    /// cannot give any.
    /// </summary>
    /// <param name="eventTime">The target's column of event times, as it is declared.</param>
    public static string? Moved(SqlDialect dialect, IncrementalBatch batch, string eventTime)
    {
        if (
            batch.Strategy != IncrementalStrategy.Merge
            || Overlay.Differ(dialect, batch) is not { } differ
            || StaysInTime(dialect, batch, eventTime) is not { } stays
        )
            return null;
        var target = Overlay.Target(dialect, batch);
        var stage = dialect.Quote(batch.Staged.Physical);
        return Union([
            .. batch.Match.Conditions.Select(condition =>
                $"{Select(Overlay.Kept(dialect, batch), FeedTables.Moved)} "
                + $"from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {condition} where {differ} and not ({stays})"
            ),
        ]);
    }

    /// <summary>True where a row keeps its event time; null where the batch cannot give it another.</summary>
    internal static string? StaysInTime(SqlDialect dialect, IncrementalBatch batch, string eventTime)
    {
        if (IncrementalWriter.Updated(batch).Find(eventTime) is not { } time)
            return null;
        var name = dialect.QuoteIdentifier(time.Name);
        return dialect.NullSafeEquals(
            $"{RowAlias.Target}.{name}",
            $"cast({RowAlias.Batch}.{name} as {time.Type})"
        );
    }

    /// <summary>What a merge deletes, and what it inserts: of such a row only some columns, null in all others.</summary>
    public static string WriteWithoutUpdates(
        SqlDialect dialect,
        IncrementalBatch batch,
        string column,
        ImmutableHashSet<string> inserted
    )
    {
        var target = Overlay.Target(dialect, batch);
        var stage = dialect.Quote(batch.Staged.Physical);
        var incoming = Select(Overlay.Incoming(dialect, batch, inserted), "insert", column);
        return Union([
            .. MergeDeletes(dialect, batch, column),
            $"{incoming} from {stage} as {RowAlias.Batch} where {IsNew(dialect, batch, target, stage)}",
        ]);
    }

    /// <summary>The rows that leave the target because of <see cref="IncrementalBatch.Gone"/>.</summary>
    internal static IEnumerable<string> MergeDeletes(
        SqlDialect dialect,
        IncrementalBatch batch,
        string column = FeedTables.ChangeColumn
    ) =>
        batch.Gone is { } gone
            ? batch.MatchGone.Conditions.Select(condition =>
                Gone(
                    dialect,
                    batch,
                    Overlay.Target(dialect, batch),
                    $"{dialect.Quote(gone)} as {RowAlias.Batch}",
                    condition,
                    column
                )
            )
            : [];

    private static IEnumerable<string> MergeUpdates(
        SqlDialect dialect,
        IncrementalBatch batch,
        string target,
        string stage,
        string column
    )
    {
        var changing = Select(Overlay.Changing(dialect, batch), "update", column);
        return batch.Met is { } met ? [$"{changing} {met.FromChanging(dialect, batch)}"]
            : Overlay.Differ(dialect, batch) is { } differ
                ? batch.Match.Conditions.Select(condition =>
                    $"{changing} from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {condition} where {differ}"
                )
            : [];
    }

    private static string IsNew(SqlDialect dialect, IncrementalBatch batch, string target, string stage) =>
        batch.Met?.IsNew(dialect) ?? batch.Match.NotIn(target, stage);

    private static string Gone(
        SqlDialect dialect,
        IncrementalBatch batch,
        string target,
        string replacing,
        string condition,
        string column
    ) =>
        $"{Select(Overlay.Kept(dialect, batch), "delete", column)} from {target} as {RowAlias.Target} "
        + $"where exists (select 1 from {replacing} where {condition})";

    internal static string Select(string columns, string change, string column = FeedTables.ChangeColumn) =>
        $"select {columns}, '{change}' as {column}";

    internal static string Union(ImmutableArray<string> parts) => string.Join("\nunion all\n", parts);
}
