using System.Collections.Immutable;

namespace Strata.Runner.Files;

/// <summary>The landed files that a node reads in one run.</summary>
/// <param name="BatchId">The batch that their rows carry.</param>
/// <param name="Queries">By the unique id of a source: the query over its rows, where they have been read into the stage.</param>
internal sealed record FileBatch(long BatchId, ImmutableDictionary<string, string> Queries)
{
    public static FileBatch Empty(long batchId) => new(batchId, ImmutableDictionary<string, string>.Empty);
}
