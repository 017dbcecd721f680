using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Files.Reading;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// Landed files that a model has taken in and that are not there any more: a model that keeps their rows would lose them if it
/// were built from nothing. A file that lies elsewhere now is still there.
/// </summary>
internal static class GoneFiles
{
    /// <summary>Whether rows stay in the model when their files go. A model that is built as a whole each time follows its folder.</summary>
    public static bool AreKeptBy(ModelNode model) =>
        model.Config
            is { Materialized: Materialization.Incremental or Materialization.Cdc, FullRefresh: not true };

    /// <summary>Nobody has said that the rows of files that go are to go, too.</summary>
    public static bool AreMissed(LandingZone landed) =>
        landed.Source.Files is { OnVanish: not OnVanishedFile.Delete };

    /// <summary>Those that are certainly gone: no new file has as many bytes.</summary>
    public static int Count(EngineStates states, ModelNode model, LandingZone landed)
    {
        var (gone, news) = Split(states, model, landed);
        return gone.Count(file => !news.Contains(file.Size));
    }

    /// <summary>Those whose content is not there under another path, either.</summary>
    public static async Task<ImmutableArray<ConsumedFile>> FindAsync(
        EngineStates states,
        ModelNode model,
        LandingZone landed,
        CancellationToken cancellationToken
    )
    {
        var (gone, news) = Split(states, model, landed);
        var sizes = gone.Select(file => file.Size).ToHashSet();
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in news.Where(same => sizes.Contains(same.Key)).SelectMany(same => same))
        {
            if (await FileContent.FindHashAsync(file, cancellationToken) is { } hash)
                hashes.Add(hash);
        }
        return [.. gone.Where(file => !hashes.Contains(file.TakenHash))];
    }

    private static (ImmutableArray<ConsumedFile> Gone, ILookup<long, LandedFile> New) Split(
        EngineStates states,
        ModelNode model,
        LandingZone landed
    )
    {
        var there = landed.Files.Select(file => file.Path).ToHashSet();
        var taken = FileSelection.Consumed(states, model, landed).Where(file => file.IsRead).ToList();
        var known = taken.Select(file => file.Path).ToHashSet();
        return (
            [
                .. taken
                    .Where(file => !there.Contains(file.Path))
                    .OrderBy(file => file.Path, StringComparer.Ordinal),
            ],
            landed.Files.Where(file => !known.Contains(file.Path)).ToLookup(file => file.Size)
        );
    }
}
