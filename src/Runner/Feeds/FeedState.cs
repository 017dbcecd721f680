namespace Strata.Runner.Feeds;

/// <summary>Which batches of a producer its change feed still holds.</summary>
/// <param name="Epoch">The run that last built the producer from nothing: changes lead on from there only.</param>
/// <param name="FirstBatch">The feed holds this batch and all later ones; one more than the last if it holds none.</param>
public sealed record FeedState(string Epoch, long FirstBatch)
{
    /// <summary>Whether a reader that stands here can go on with what the feed holds.</summary>
    public bool Serves(FeedPosition? position) =>
        position is not null && position.Epoch == Epoch && position.BatchId >= FirstBatch - 1;
}

/// <summary>The last batch that a consumer has taken in.</summary>
public sealed record FeedPosition(string Epoch, long BatchId);
