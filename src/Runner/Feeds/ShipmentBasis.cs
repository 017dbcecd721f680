using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Feeds;

/// <summary>
/// What decides whether a transfer can ship changes, as it is known when the run is planned, and again when the
/// transfer's turn comes.
/// </summary>
public sealed record ShipmentBasis
{
    /// <summary>What the producer's feed holds; null when it keeps none, or starts over.</summary>
    public required FeedState? Feed { get; init; }

    /// <summary>How far the replica has read it.</summary>
    public required FeedPosition? Position { get; init; }

    /// <summary>What is published of the producer.</summary>
    public required RelationInfo? Published { get; init; }

    /// <summary>What stands under the replica's name.</summary>
    public required RelationInfo? Replica { get; init; }

    /// <summary>The definition that the replica was made with.</summary>
    public required string? Fingerprint { get; init; }

    /// <summary>The basis as a snapshot of both engines shows it.</summary>
    /// <param name="isRebuilt">The producer is about to be built from nothing, so its changes lead nowhere.</param>
    public static ShipmentBasis Planned(
        Transfer transfer,
        EngineStates states,
        SqlDialect producers,
        bool isRebuilt
    )
    {
        var producer = transfer.Producer;
        var from = states.Engines.GetValueOrDefault(producer.Connection);
        var to = states.Engines.GetValueOrDefault(transfer.Connection);
        var keeps = !isRebuilt && from?.Find(FeedTables.Of(producer.Relation, producers)) is not null;
        return new ShipmentBasis
        {
            Feed = keeps ? from?.Feeds.GetValueOrDefault(producer.UniqueId) : null,
            Position = to?.Consumed.GetValueOrDefault((transfer.Id, producer.UniqueId)),
            Published = from?.Find(producer.Relation),
            Replica = to?.Find(transfer.Replica),
            Fingerprint = states.StateOf(transfer.Id)?.Fingerprint,
        };
    }

    /// <param name="producers">The dialect of the producer's engine.</param>
    /// <param name="upTo">The last batch to be shipped.</param>
    /// <returns>Null when only everything will do.</returns>
    public Shipment? Changes(Transfer transfer, SqlDialect producers, long upTo) =>
        transfer.Producer is ModelNode model
        && FeedTopology.HasFeed(model)
        && Position is { } position
        && Feed?.Serves(position) == true
        && Published is { Columns: var columns }
        && Replica is { Kind: RelationKind.Table } replica
        // columns that the producer has gained enter the replica with the changes
        && replica.Columns.All(column => columns.Any(known => known.Name == column.Name))
        && Fingerprint == transfer.Fingerprint
            ? Shipment.OfChanges(
                producers,
                model,
                [.. columns.Select(column => column.Name)],
                position.BatchId,
                upTo
            )
            : null;
}
