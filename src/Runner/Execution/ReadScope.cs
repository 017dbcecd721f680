using System.Collections.Immutable;
using Strata.Runner.Feeds;
using Strata.Runner.Files;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution;

/// <summary>What of its inputs a node reads.</summary>
/// <param name="Files">The landed files; null for all.</param>
/// <param name="After">By upstream, the batch behind which changes are read; null reads everything as inserted.</param>
internal sealed record ReadScope(FileBatch? Files, ImmutableDictionary<string, FeedPosition>? After = null)
{
    /// <summary>The event times that are read of inputs that declare one; empty for all.</summary>
    public ImmutableArray<BatchPeriod> Periods { get; init; } = [];

    public static readonly ReadScope Everything = new(Files: null);
}
