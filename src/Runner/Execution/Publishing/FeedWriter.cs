using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Publishing;

/// <summary>What the publishing of a node does to its change feed.</summary>
/// <param name="State">Null where the producer keeps no feed any more.</param>
/// <param name="Steps">Statements of the publishing transaction.</param>
/// <param name="Columns">The columns that the feed's table has afterwards; null where there is none.</param>
internal sealed record FeedChange(
    string Producer,
    FeedState? State,
    RelationName Table,
    ImmutableArray<ColumnSchema>? Columns,
    ImmutableArray<string> Steps
);

/// <summary>
/// Adds a published batch to its feed, drops what every consumer has passed, and starts the feed over when its
/// producer was built from nothing. Nobody's changes are kept for longer than <see cref="MostBatches"/>: who stays
/// away for that long reads everything again.
/// </summary>
internal sealed class FeedWriter(RunContext context)
{
    private const long MostBatches = 1000;

    public FeedChange? Plan(ConnectionRun on, StagedNode node)
    {
        var id = node.Node.Id;
        var dialect = on.Dialect;
        var table = FeedTables.Of(node.Relation.Published, dialect);
        var before = on.FeedOf(id);
        var existing = on.Find(table)?.Columns;
        var exists = existing is not null;
        if (node.Feed is not { } staged)
            return before is null ? null : Ended(dialect, id, table, exists);
        var isRead = KeptFeed.IsKept(context, id, node.Columns);
        if (staged.IsUnchanged && before is not null && exists == isRead)
            return new FeedChange(id, before, table, existing, []);
        var steps = ImmutableArray.CreateBuilder<string>();
        var goesOn = exists && isRead && before?.Epoch == staged.Epoch && staged.Changes is not null;
        if (exists && !goesOn)
            steps.Add($"drop table {dialect.Quote(table)}");
        if (isRead && !goesOn)
        {
            steps.Add(FeedTables.Create(dialect, table, node.Columns));
        }
        if (goesOn && existing is { } known)
        {
            foreach (
                var column in node.Columns.Where(column => known.All(other => other.Name != column.Name))
            )
                steps.Add(FeedTables.AddColumn(dialect, table, column));
        }
        if (isRead && staged.Changes is { } changes)
        {
            // by name: the feed's columns stand in the order of the first build
            var names =
                $"{Ddl.Columns(dialect, node.Columns.Select(c => c.Name))}, {FeedTables.ChangeColumn}";
            var batchId = staged.BatchId.ToString(CultureInfo.InvariantCulture);
            steps.Add(
                $"insert into {dialect.Quote(table)} ({names}, {FeedTables.BatchColumn}) "
                    + $"select {names}, {batchId} from {dialect.Quote(changes)}"
            );
        }
        // without changes of this batch, whoever stands behind it goes on with the next
        var first =
            !isRead || staged.Changes is null ? staged.BatchId + 1
            : goesOn && before is not null ? Math.Max(before.FirstBatch, Passed(on, id, staged) + 1)
            : staged.BatchId;
        if (goesOn && before is not null && first > before.FirstBatch)
        {
            var passed = first.ToString(CultureInfo.InvariantCulture);
            steps.Add($"delete from {dialect.Quote(table)} where {FeedTables.BatchColumn} < {passed}");
        }
        var state = new FeedState(staged.Epoch, first);
        if (state != before)
            steps.AddRange(StateStatements.SetFeed(dialect, id, state));
        return new FeedChange(id, state, table, isRead ? node.Columns : null, steps.ToImmutable());
    }

    /// <summary>What is built as a whole says no more what has changed: readers must not take an earlier feed for its changes.</summary>
    private static FeedChange Ended(SqlDialect dialect, string id, RelationName table, bool exists)
    {
        ImmutableArray<string> drop = exists ? [$"drop table {dialect.Quote(table)}"] : [];
        return new FeedChange(id, null, table, null, [.. drop, StateStatements.ForgetFeed(dialect, id)]);
    }

    /// <summary>
    /// The last batch that every consumer has taken in, and will have after a rollback, as far as their positions can be seen from here.
    /// </summary>
    private long Passed(ConnectionRun on, string producer, StagedFeed staged)
    {
        var least = staged.BatchId - 1;
        foreach (var (consumer, connection) in context.Feeds.ConsumersOf(producer))
        {
            var position =
                connection == on.Name
                    ? on.PositionOf(consumer, producer)
                    : context.Connections.GetValueOrDefault(connection)?.PositionOf(consumer, producer);
            // who has never read, or lags an epoch behind, starts from everything and needs no changes kept
            if (context.Connections.ContainsKey(connection) && position?.Epoch != staged.Epoch)
                continue;
            least = Math.Min(least, position?.BatchId ?? 0);
        }
        // who is rolled back reads on from there
        foreach (var each in context.Connections.Values)
            least = Math.Min(least, each.KeptPositionOf(producer) ?? least);
        return Math.Max(least, staged.BatchId - MostBatches);
    }
}
