using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Feeds;
using Strata.Runner.Files.Landing;
using Strata.Runner.Planning;
using Strata.Runner.Transfers;

namespace Strata.Runner.Execution.Staging;

/// <summary>Decides what a transfer carries: what has changed since the replica last took it, or all rows of the producer.</summary>
internal sealed class ShipmentChoice(RunContext context)
{
    private readonly InPlaceFiles _inPlace = new(context);

    /// <param name="now">Where the producer's feed stands.</param>
    public async Task<Shipment> MakeAsync(
        Transfer transfer,
        ConnectionRun from,
        ConnectionRun to,
        SessionPool.Lease source,
        ConsumedFeed now,
        CancellationToken cancellationToken
    )
    {
        var producer = transfer.Producer;
        var keeps = from.Find(FeedTables.Of(producer.Relation, from.Dialect)) is not null;
        var basis = new ShipmentBasis
        {
            Feed = keeps ? from.FeedOf(producer.UniqueId) : null,
            Position = to.PositionOf(transfer.Id, producer.UniqueId),
            Published = from.Find(producer.Relation),
            Replica = to.Find(transfer.Replica),
            Fingerprint = context.States.StateOf(transfer.Id)?.Fingerprint,
        };
        if (
            basis.Changes(transfer, from.Dialect, now.Position.BatchId) is { } changes
            && (
                changes.Unless is not { } unless
                || (await source.Session.QueryAsync(unless, 1, cancellationToken)).Rows.IsEmpty
            )
        )
            return changes;
        return Shipment.Whole(
            producer is SourceNode { Files: not null } landed
                ? $"(\n{await _inPlace.OfferAsync(source, from, landed, context.States.Landed[landed.UniqueId].Files, BadContent.IsError, cancellationToken)}\n) as landed"
                : from.Dialect.Quote(producer.Relation)
        );
    }
}
