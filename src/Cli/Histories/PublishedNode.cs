using System.Collections.Immutable;
using Strata.Runner.Runs;

namespace Strata.Cli.Histories;

/// <summary>A node of a run of the history with all that it published; a model that is built in batches publishes several times.</summary>
/// <param name="Events">In the order of time; at least one.</param>
public sealed record PublishedNode(string Connection, ImmutableArray<LedgerEvent> Events)
{
    public string Node => Events[0].Node;

    public string Action => Events[0].Action;

    /// <summary>Rows of the relation in the end.</summary>
    public long? Rows => Events[^1].Rows;

    /// <summary>Null for what is not built in batches.</summary>
    public long? Batches =>
        Events.Length > 1 || Events[0].Batches is not null ? Events.Sum(one => one.Batches ?? 1) : null;

    // as the run said it itself: a batch that made the table has no changes, and those of the others are not all
    public long? Inserted => Sum(one => one.Inserted);

    public long? Updated => Sum(one => one.Updated);

    public long? Deleted => Sum(one => one.Deleted);

    public TimeSpan Duration => Events.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Duration);

    private long? Sum(Func<LedgerEvent, long?> count) =>
        Events.All(one => count(one) is not null) ? Events.Sum(count) : null;
}
