using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// Which periods of a microbatch model must be built again because rows arrived in them, as the change feeds of its
/// inputs tell it: for a plan from what is published, and once more when the model's turn comes, because this run may have added
/// to the feeds.
/// </summary>
internal sealed class ArrivalReading(RunContext context, NodeStatements statements)
{
    private readonly FeedReading _feeds = new(context);

    /// <summary>Where the model stands once it has read all that there is now.</summary>
    public ImmutableArray<ConsumedFeed> PositionsOf(ConnectionRun on, ModelNode model) =>
        [.. Followed(context.Manifest, model).Select(input => _feeds.PositionOf(on, input.Id))];

    public async Task<Arrivals> FindAsync(
        ConnectionRun on,
        ModelNode model,
        MicrobatchConfig config,
        CancellationToken cancellationToken
    )
    {
        var found = Arrivals.None;
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (var (id, node, relation) in Followed(context.Manifest, model, on.Dialect))
        {
            var position = on.PositionOf(model.UniqueId, id);
            if (position is null || !_feeds.Serves(on, id, position))
            {
                found = found.With(new Arrivals([], node.Name));
                continue;
            }
            var staged = context.Staged.GetValueOrDefault(id);
            var column = Column(on.Dialect, node, staged?.Columns ?? on.Find(relation)?.Columns);
            var tables = new List<(RelationName Table, long? After)>();
            var feed = FeedTables.Of(relation, on.Dialect);
            if (on.Find(feed) is not null)
                tables.Add((feed, position.BatchId));
            if (staged?.Feed?.Changes is { } changes)
                tables.Add((changes, null));
            foreach (var (table, after) in tables)
            {
                var rows = await statements.QueryAsync(
                    lease,
                    model,
                    ArrivalQuery.Periods(on.Dialect, config.Size, on.Dialect.Quote(table), column, after),
                    int.MaxValue,
                    cancellationToken
                );
                found = found.With(new Arrivals(ArrivalQuery.Read(rows), null));
            }
        }
        return found;
    }

    /// <summary>What is published and not read yet, by microbatch model; only of models that have anything to read.</summary>
    public static async Task<ImmutableDictionary<string, Arrivals>> FindPublishedAsync(
        ProjectManifest manifest,
        IEnumerable<ModelNode> models,
        EngineSnapshot on,
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var found = ImmutableDictionary.CreateBuilder<string, Arrivals>();
        foreach (var model in models)
        {
            if (model.Config.Microbatch is not { } config || !on.Nodes.ContainsKey(model.UniqueId))
                continue;
            var all = Arrivals.None;
            foreach (var (id, node, relation) in Followed(manifest, model, dialect))
            {
                var position = on.Consumed.GetValueOrDefault((model.UniqueId, id));
                // an input that was never built is an error of its own
                if (!on.Nodes.TryGetValue(id, out var state))
                    continue;
                if (position is null || on.Feeds.GetValueOrDefault(id)?.Serves(position) != true)
                    all = all.With(new Arrivals([], node.Name));
                else if (
                    state.BatchId > position.BatchId
                    && on.Find(FeedTables.Of(relation, dialect)) is { } feed
                )
                {
                    var sql = ArrivalQuery.Periods(
                        dialect,
                        config.Size,
                        dialect.Quote(feed.Name),
                        Column(dialect, node, feed.Columns),
                        position.BatchId
                    );
                    var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
                    all = all.With(new Arrivals(ArrivalQuery.Read(rows), null));
                }
            }
            if (all != Arrivals.None)
                found[model.UniqueId] = all;
        }
        return found.ToImmutable();
    }

    private static IEnumerable<(string Id, ModelNode Node)> Followed(
        ProjectManifest manifest,
        ModelNode model
    ) => DividedInputs.Followed(manifest, model).Select(node => (IdOn(manifest, model, node), node));

    private static IEnumerable<(string Id, ModelNode Node, RelationName Relation)> Followed(
        ProjectManifest manifest,
        ModelNode model,
        SqlDialect dialect
    ) =>
        Followed(manifest, model)
            .Select(input =>
                (
                    input.Id,
                    input.Node,
                    input.Node.Connection == model.Connection
                        ? input.Node.Relation
                        : Replica.NameOf(input.Node.Relation, dialect)
                )
            );

    private static string IdOn(ProjectManifest manifest, ModelNode model, ModelNode node) =>
        node.Connection == model.Connection
            ? node.UniqueId
            : Transfer.IdOf(manifest.ProjectName, node, model.Connection);

    private static string Column(SqlDialect dialect, ModelNode node, ImmutableArray<ColumnSchema>? columns)
    {
        var declared = node.EventTime() ?? "";
        return dialect.QuoteIdentifier(
            Shipment.Resolve([declared], [.. (columns ?? []).Select(column => column.Name)])?[0] ?? declared
        );
    }
}
