namespace Strata.Runner.Rollback;

/// <summary>The change feed of a producer goes on under a new epoch: who has read what was undone starts over.</summary>
/// <param name="Before">The epoch in which consumers stood at the time that is gone back to.</param>
/// <param name="BatchId">The last batch that is left.</param>
public sealed record EpochMove(string Producer, string Before, string After, long BatchId);
