using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>Which of the landed files a node has not taken in.</summary>
internal static class FileSelection
{
    /// <summary>By path: whether a known file has changed is looked at when the node runs.</summary>
    public static ImmutableArray<LandedFile> NewFiles(
        EngineStates states,
        ModelNode consumer,
        LandingZone landed
    )
    {
        var known = Consumed(states, consumer, landed.Source).Select(file => file.Path).ToHashSet();
        return [.. landed.Files.Where(file => !known.Contains(file.Path))];
    }

    public static IEnumerable<ConsumedFile> Consumed(
        EngineStates states,
        ModelNode consumer,
        SourceNode source
    ) =>
        states.Engines.GetValueOrDefault(consumer.Connection)?.Files[(consumer.UniqueId, source.UniqueId)]
        ?? [];
}
