using System.Collections.Immutable;
using Strata.Runner.Feeds;
using Strata.Runner.Files;

namespace Strata.Runner.Execution;

/// <summary>What of its inputs a node reads.</summary>
/// <param name="Files">The landed files; null for all.</param>
/// <param name="After">By upstream, the batch behind which changes are read; null reads everything as inserted.</param>
internal sealed record ReadScope(FileBatch? Files, ImmutableDictionary<string, FeedPosition>? After = null)
{
    public static readonly ReadScope Everything = new(Files: null);
}
