using System.Collections.Immutable;

namespace Strata.Compiler.Graph.Selection;

/// <summary>How recent the latest rows of sources were, at two looks.</summary>
public static class SourceAges
{
    /// <summary>The sources whose latest rows are later now than they were, and those that were not looked at before.</summary>
    /// <param name="before">By unique id, the instant of the latest rows.</param>
    public static ImmutableHashSet<string> Fresher(
        ImmutableDictionary<string, DateTimeOffset> before,
        ImmutableDictionary<string, DateTimeOffset> now
    ) =>
        [
            .. now.Where(source => !before.TryGetValue(source.Key, out var earlier) || source.Value > earlier)
                .Select(source => source.Key),
        ];
}
