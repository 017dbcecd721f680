using Strata.Compiler.Sql;

namespace Strata.Runner.Feeds;

/// <summary>What a staged node will add to its change feed.</summary>
/// <param name="Epoch">See <see cref="FeedState.Epoch"/>.</param>
/// <param name="BatchId">The batch that the node is about to publish.</param>
/// <param name="Changes">The staged changes; null when the feed starts over, or nobody reads it.</param>
public sealed record StagedFeed(string Epoch, long BatchId, RelationName? Changes)
{
    /// <summary>The producer was built from nothing and no row of it has changed: the feed stays as it is.</summary>
    public bool IsUnchanged { get; init; }
}

/// <summary>How far a staged node has read an upstream's changes.</summary>
public sealed record ConsumedFeed(string Upstream, FeedPosition Position);
