using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>Which of the landed files a node has not taken in.</summary>
internal static class FileSelection
{
    /// <summary>
    /// How many files are new, look changed and are gone, by path, size and time. What is in them is looked at when
    /// the node runs. Gone files count only where the source wants to know.
    /// </summary>
    public static FileCounts Count(EngineStates states, ModelNode consumer, LandingZone landed)
    {
        var known = Consumed(states, consumer, landed).ToDictionary(file => file.Path);
        var (fresh, changed, refused, touched, there) = (0, 0, 0, 0, 0);
        foreach (var file in landed.Files)
        {
            if (!known.TryGetValue(file.Path, out var before))
            {
                fresh++;
                continue;
            }
            if (!before.IsMoved)
                there++;
            if (before.Size != file.Size)
            {
                changed++;
                // one that could not be read is to be mended; what it had before, if anything, is known when it is read
                if (before is { IsRead: true, IsWaiting: false })
                    refused++;
            }
            else if (before.ModifiedAt != file.ModifiedAt || before.IsMoved)
                touched++;
        }
        var counts = landed.Source.Files is { OnVanish: not OnVanishedFile.Ignore };
        return new FileCounts(
            fresh,
            changed,
            touched,
            counts ? known.Values.Count(file => !file.IsMoved) - there : 0
        )
        {
            Refused = landed.Source.Files is { OnChange: OnChangedFile.Fail } ? refused : 0,
        };
    }

    /// <summary>
    /// What the node has taken in of a source. A source that was given another name is another node; its files are still those
    /// that were taken in.
    /// </summary>
    public static IEnumerable<ConsumedFile> Consumed(
        EngineStates states,
        ModelNode consumer,
        LandingZone landed
    ) => Consumed(states, consumer.Connection, consumer.UniqueId, consumer, landed);

    /// <summary>The same of what is noted on a connection under another name.</summary>
    /// <param name="reader">Reads the source now.</param>
    public static IEnumerable<ConsumedFile> Consumed(
        EngineStates states,
        string connection,
        string consumer,
        ModelNode reader,
        LandingZone landed
    )
    {
        if (states.Engines.GetValueOrDefault(connection)?.Files is not { } all)
            return [];
        var own = all[(consumer, landed.Source.UniqueId)].ToList();
        var left = all.Where(files =>
                files.Key.Item1 == consumer && !reader.DependsOn.Contains(files.Key.Item2)
            )
            .SelectMany(files => files)
            .ToLookup(file => file.Path);
        if (left.Count == 0)
            return own;
        var known = own.Select(file => file.Path).ToHashSet();
        var there = landed.Files.Select(file => file.Path).ToHashSet();
        var pattern = landed.Source.Files is { } config ? new FilePattern(config.Path) : null;
        return
        [
            .. own,
            // one that is not there any more is the source's if its path could be
            .. left.Where(file =>
                    !known.Contains(file.Key)
                    && (there.Contains(file.Key) || pattern?.Finds(file.Key) == true)
                )
                .Select(file => file.First()),
        ];
    }
}
