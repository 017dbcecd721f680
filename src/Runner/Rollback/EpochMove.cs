using Strata.Runner.Feeds;

namespace Strata.Runner.Rollback;

/// <summary>The change feed of a producer goes on under a new epoch: who has read what was undone starts over.</summary>
/// <param name="Before">The epoch in which consumers stood at the time that is gone back to.</param>
/// <param name="BatchId">The last batch that is left.</param>
public sealed record EpochMove(string Producer, string Before, string After, long BatchId)
{
    /// <summary>Whether a consumer at this position has read nothing of what is undone.</summary>
    public bool Moves(FeedPosition position) => position.Epoch == Before && position.BatchId <= BatchId;

    /// <summary>
    /// For consumers that stand where an earlier move has brought them, or where it would have: up to the last batch that both
    /// moves have left, the epochs are one.
    /// </summary>
    public EpochMove? LeadingOnFrom(EpochMove earlier)
    {
        if (earlier.Producer != Producer)
            return null;
        var left = Math.Min(BatchId, earlier.BatchId);
        if (earlier.Before == Before)
            return new EpochMove(Producer, earlier.After, After, left);
        return earlier.After == Before ? new EpochMove(Producer, earlier.Before, After, left) : null;
    }
}
