using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// Whether nothing at all is left of the files that a model has taken in, and whose rows are to go with them. The folder is more likely not
/// mounted than emptied, even if new files lie in it by now. A single file that others have taken the place of was replaced.
/// </summary>
internal static class VanishedZone
{
    /// <summary>By what a listing says: false where anything may be left.</summary>
    public static bool IsCertain(ModelNode model, ImmutableArray<ConsumedFile> taken, LandingZone landed)
    {
        var sizes = taken.Select(file => file.Size).ToHashSet();
        return IsLikely(model, taken, landed) && !landed.Files.Any(file => sizes.Contains(file.Size));
    }

    /// <summary>By what is in the files, too: content that lies under another path is left.</summary>
    public static async Task<bool> IsAsync(
        ModelNode model,
        ImmutableArray<ConsumedFile> taken,
        LandingZone landed,
        CancellationToken cancellationToken
    )
    {
        if (!IsLikely(model, taken, landed))
            return false;
        var sizes = taken.Select(file => file.Size).ToHashSet();
        var contents = taken.Select(file => file.TakenHash).ToHashSet();
        foreach (var file in landed.Files.Where(file => sizes.Contains(file.Size)))
        {
            if (
                await FileContent.FindHashAsync(file, cancellationToken) is { } hash
                && contents.Contains(hash)
            )
                return false;
        }
        return landed.Source.Files is not { } config
            || (await GrownElsewhere.FindAsync(config, taken, landed.Files, cancellationToken)).IsEmpty;
    }

    private static bool IsLikely(ModelNode model, ImmutableArray<ConsumedFile> taken, LandingZone landed)
    {
        if (landed.Files.IsEmpty)
            return taken.Length > 0;
        // one that is built as a whole follows its folder
        if (!GoneFiles.AreKeptBy(model) || taken.Length < 2)
            return false;
        var there = landed.Files.Select(file => file.Path).ToHashSet();
        return !taken.Any(file => there.Contains(file.Path));
    }
}
