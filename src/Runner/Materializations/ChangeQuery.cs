using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;

namespace Strata.Runner.Materializations;

/// <summary>
/// The changes that a batch makes to its target, as a query over both: what the feed will hold. Rows that stay
/// as they are do not appear.
/// </summary>
public static class ChangeQuery
{
    public static string Write(SqlDialect dialect, IncrementalBatch batch)
    {
        var target = dialect.Quote(batch.Staged.Published);
        var stage = dialect.Quote(batch.Staged.Physical);
        var incoming = $"{Select(Overlay.Incoming(dialect, batch), "insert")} from {stage} as batch";
        return batch.Strategy switch
        {
            IncrementalStrategy.Append => incoming,
            IncrementalStrategy.Merge => Merge(dialect, batch, target, stage, incoming),
            IncrementalStrategy.DeleteInsert => Union([
                .. batch.Match.Conditions.Select(condition =>
                    Gone(dialect, batch, target, $"{stage} as batch", condition)
                ),
                incoming,
            ]),
            IncrementalStrategy.InsertOverwrite => Union([
                Gone(
                    dialect,
                    batch,
                    target,
                    $"{IncrementalWriter.Partitions(dialect, batch)} as partitions",
                    IncrementalWriter.PartitionMatch(dialect, batch)
                ),
                incoming,
            ]),
            IncrementalStrategy.Microbatch => Union([
                Changed(IncrementalWriter.Bag(dialect, batch).GoneRows(), "delete"),
                Changed(IncrementalWriter.Bag(dialect, batch).ComeRows(), "insert"),
            ]),
            _ => throw new NotSupportedException($"strategy {batch.Strategy}"),
        };
    }

    private static string Changed(string rows, string change) =>
        $"select *, '{change}' as {FeedTables.ChangeColumn} from ({rows}) as changed";

    private static string Merge(
        SqlDialect dialect,
        IncrementalBatch batch,
        string target,
        string stage,
        string incoming
    )
    {
        var updates = Overlay.Differ(dialect, batch) is { } differ
            ? batch.Match.Conditions.Select(condition =>
                $"{Select(Overlay.Merging(dialect, batch), "update")} "
                + $"from {target} as target join {stage} as batch on {condition} where {differ}"
            )
            : [];
        var deletes = batch.Gone is { } gone
            ? batch.Match.Conditions.Select(condition =>
                Gone(dialect, batch, target, $"{dialect.Quote(gone)} as batch", condition)
            )
            : [];
        return Union([.. deletes, .. updates, $"{incoming} where {batch.Match.NotIn(target)}"]);
    }

    private static string Gone(
        SqlDialect dialect,
        IncrementalBatch batch,
        string target,
        string replacing,
        string condition
    ) =>
        $"{Select(Overlay.Kept(dialect, batch), "delete")} from {target} as target "
        + $"where exists (select 1 from {replacing} where {condition})";

    private static string Select(string columns, string change) =>
        $"select {columns}, '{change}' as {FeedTables.ChangeColumn}";

    private static string Union(ImmutableArray<string> parts) => string.Join("\nunion all\n", parts);
}
