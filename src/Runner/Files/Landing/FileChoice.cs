using System.Collections.Immutable;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files.Landing;

/// <summary>Which landed files a node reads now, given those that it has read.</summary>
/// <param name="Read">To be read, in the order of their paths.</param>
/// <param name="Changed">Those of <paramref name="Read"/> whose old version was taken in.</param>
/// <param name="Touched">Known files with another time and the same content.</param>
/// <param name="Vanished">Known files that are no longer there.</param>
internal sealed record FileChoice(
    ImmutableArray<LandedFile> Read,
    ImmutableArray<LandedFile> Changed,
    ImmutableArray<ConsumedFile> Touched,
    ImmutableArray<ConsumedFile> Vanished
)
{
    /// <summary>The last of the files that are there as they were taken in.</summary>
    public LandedFile? Newest { get; private init; }

    /// <param name="known">What the node has read, by path; nothing in a full refresh.</param>
    public static async Task<FileChoice> MakeAsync(
        LandingZone landing,
        IReadOnlyDictionary<string, ConsumedFile> known,
        CancellationToken cancellationToken
    )
    {
        var read = ImmutableArray.CreateBuilder<LandedFile>();
        var changed = ImmutableArray.CreateBuilder<LandedFile>();
        var touched = ImmutableArray.CreateBuilder<ConsumedFile>();
        LandedFile? newest = null;
        foreach (var file in landing.Files)
        {
            var before = known.GetValueOrDefault(file.Path);
            if (
                before is { IsMoved: false }
                && before.Size == file.Size
                && before.ModifiedAt == file.ModifiedAt
            )
            {
                if (before is { IsRead: true, IsWaiting: false })
                    newest = file;
                continue;
            }
            // what could not be read before left nothing behind
            if (before is { IsRead: true })
            {
                if (await FileContent.FindHashAsync(file, cancellationToken) == before.TakenHash)
                {
                    // or it is again what it was
                    if (!before.IsRefused)
                        newest = file;
                    touched.Add(
                        before with
                        {
                            Size = file.Size,
                            ModifiedAt = file.ModifiedAt,
                            Hash = before.IsRefused ? before.Hash : before.TakenHash,
                        }
                    );
                    continue;
                }
                // nor did one of which no row was taken in
                if (!before.IsRefused)
                    changed.Add(file);
            }
            read.Add(file);
        }
        var there = landing.Files.Select(file => file.Path).ToHashSet();
        return new FileChoice(
            read.ToImmutable(),
            changed.ToImmutable(),
            touched.ToImmutable(),
            [
                .. known
                    .Values.Where(file => !there.Contains(file.Path))
                    .OrderBy(file => file.Path, StringComparer.Ordinal),
            ]
        )
        {
            Newest = newest,
        };
    }
}
