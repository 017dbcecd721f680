using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// How far consumers have read the changes of what they read, and the query for the rest: what the feed holds
/// behind that, and what an upstream of the same publish group has staged.
/// </summary>
internal sealed class FeedReading(RunContext context)
{
    /// <summary>The nodes and transfers whose changes a model reads.</summary>
    public ImmutableArray<string> UpstreamsOf(ModelNode model) =>
        [
            .. FeedTopology
                .ChangesReadBy(model)
                .Select(id => context.Manifest.Find<RelationNode>(id))
                .OfType<RelationNode>()
                .Select(node =>
                    node.Connection == model.Connection
                        ? node.UniqueId
                        : Transfer.IdOf(context.Manifest.ProjectName, node, model.Connection)
                ),
        ];

    /// <summary>The first upstream that cannot give a model all that has changed since it last read.</summary>
    public string? FirstUnservedOf(ConnectionRun on, ModelNode model) =>
        UpstreamsOf(model)
            .FirstOrDefault(upstream => !Serves(on, upstream, on.PositionOf(model.UniqueId, upstream)));

    public ImmutableDictionary<string, FeedPosition> PositionsOf(ConnectionRun on, ModelNode model) =>
        UpstreamsOf(model)
            .Select(upstream => (upstream, Position: on.PositionOf(model.UniqueId, upstream)))
            .Where(pair => pair.Position is not null)
            .ToImmutableDictionary(pair => pair.upstream, pair => pair.Position ?? new FeedPosition("", 0));

    /// <summary>Where a consumer stands once it has read all that there is now.</summary>
    public ConsumedFeed PositionOf(ConnectionRun on, string upstream) =>
        new(
            upstream,
            context.Staged.GetValueOrDefault(upstream) is { Feed: { } feed }
                ? new FeedPosition(feed.Epoch, feed.BatchId)
                : new FeedPosition(
                    on.FeedOf(upstream)?.Epoch ?? "",
                    context.Versions.StateOf(upstream)?.BatchId ?? 0
                )
        );

    /// <summary>Whether what a reader has read no longer leads on, as against changes that are merely no longer there.</summary>
    public bool StartsOver(ConnectionRun on, string upstream, FeedPosition? position) =>
        position is not null && PositionOf(on, upstream).Position.Epoch != position.Epoch;

    public bool Serves(ConnectionRun on, string upstream, FeedPosition? position)
    {
        if (on.FeedOf(upstream) is not { } kept || !kept.Serves(position))
            return false;
        // what is staged continues the feed, or starts it over
        return context.Staged.GetValueOrDefault(upstream) is not { } staged
            || staged.Feed is { } feed
                && (feed.Changes is not null || feed.IsUnchanged)
                && feed.Epoch == kept.Epoch;
    }

    /// <summary>The query that stands for <c>changes</c>, without parentheses.</summary>
    /// <param name="relation">The published relation or replica.</param>
    /// <param name="after">Where to go on; null for everything.</param>
    public string Query(ConnectionRun on, string upstream, RelationName relation, FeedPosition? after)
    {
        var staged = context.Staged.GetValueOrDefault(upstream);
        if (after is null)
        {
            var everything = on.Dialect.Quote(staged?.Relation.PostImage ?? relation);
            return $"select *, cast('insert' as {Text(on)}) as {FeedTables.ChangeColumn}, "
                + $"{Batch(on, PositionOf(on, upstream).Position.BatchId)} from {everything}";
        }
        var feed = FeedTables.Of(relation, on.Dialect);
        var all = (staged?.Feed?.Changes is null ? on.Find(relation)?.Columns : staged.Columns) ?? [];
        var columns = Ddl.Columns(on.Dialect, all.Select(column => column.Name));
        var parts = new List<string>();
        if (on.Find(feed) is { Columns: var kept })
        {
            var from = after.BatchId.ToString(CultureInfo.InvariantCulture);
            parts.Add(
                $"select {Kept(on.Dialect, all, kept)}, {FeedTables.ChangeColumn}, {FeedTables.BatchColumn} "
                    + $"from {on.Dialect.Quote(feed)} where {FeedTables.BatchColumn} > {from} and {FeedTables.IsRow}"
            );
        }
        if (staged?.Feed is { Changes: { } changes } stagedFeed)
        {
            parts.Add(
                $"select {columns}, {FeedTables.ChangeColumn}, {Batch(on, stagedFeed.BatchId)} "
                    + $"from {on.Dialect.Quote(changes)} where {FeedTables.IsRow}"
            );
        }
        if (parts.Count == 0)
        {
            parts.Add(
                $"select {columns}, cast('insert' as {Text(on)}) as {FeedTables.ChangeColumn}, {Batch(on, 0)} "
                    + $"from {on.Dialect.Quote(relation)} where false"
            );
        }
        return string.Join("\nunion all\n", parts);
    }

    /// <summary>A column that the staged batch adds is not yet in the feed.</summary>
    private static string Kept(
        SqlDialect dialect,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ColumnSchema> kept
    ) =>
        string.Join(
            ", ",
            columns.Select(column =>
            {
                var name = dialect.QuoteIdentifier(column.Name);
                return kept.Any(known => known.Name == column.Name)
                    ? name
                    : $"cast(null as {column.Type}) as {name}";
            })
        );

    private static string Batch(ConnectionRun on, long batchId) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"cast({batchId} as {on.Dialect.TypeName(SqlType.BigInt)}) as {FeedTables.BatchColumn}"
        );

    private static string Text(ConnectionRun on) => on.Dialect.TypeName(SqlType.Text);
}
