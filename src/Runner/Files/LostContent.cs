using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// What has been taken in of landed files and lies nowhere any more. One that lies elsewhere now is still there, once for each file
/// that has its content.
/// </summary>
/// <param name="Gone">Their paths lead to nothing, or to a file that lay elsewhere before.</param>
/// <param name="Rewritten">Their paths have other content, which does not begin with the old one.</param>
internal sealed record LostContent(ImmutableArray<ConsumedFile> Gone, ImmutableArray<ConsumedFile> Rewritten)
{
    public static readonly LostContent None = new([], []);

    /// <summary>Their paths have something that cannot be read: their rows stay until it can.</summary>
    public ImmutableArray<ConsumedFile> Unreadable { get; private init; } = [];

    /// <param name="taken">What was taken in.</param>
    /// <param name="isKept">
    /// Whether its rows stay when files go. Where they do not, files are not read again as long as something lies under each path.
    /// </param>
    public static async Task<LostContent> FindAsync(
        ImmutableArray<ConsumedFile> taken,
        LandingZone landed,
        bool isKept,
        CancellationToken cancellationToken
    )
    {
        var there = landed.Files.ToDictionary(file => file.Path);
        var gone = taken.Where(file => !there.ContainsKey(file.Path)).ToList();
        if (gone.Count == 0 && !isKept)
            return None;
        var changed = new List<Content>();
        foreach (var file in taken)
        {
            if (!there.TryGetValue(file.Path, out var now) || file.IsRefused || !LooksChanged(file, now))
                continue;
            var hash = await FileContent.FindHashAsync(now, cancellationToken);
            if (hash == file.TakenHash)
                continue;
            var isUnreadable =
                hash is null
                || file.IsWaiting && file.Size == now.Size && file.ModifiedAt == now.ModifiedAt
                || await HasProblemAsync(landed, now, cancellationToken);
            changed.Add(new Content(file, now, hash, isUnreadable));
        }
        if (gone.Count == 0 && changed.Count == 0)
            return None;
        ImmutableArray<ConsumedFile> missed = [.. gone, .. changed.Select(content => content.Before)];
        var known = taken.Select(file => file.Path).ToHashSet();
        var found = changed.Select(content => (content.Now.Path, content.Hash)).ToList();
        var sizes = missed.Select(file => file.Size).ToHashSet();
        var isAnySize = missed.Any(file => file.IsWaiting);
        foreach (
            var file in landed.Files.Where(file =>
                !known.Contains(file.Path) && (isAnySize || sizes.Contains(file.Size))
            )
        )
            found.Add((file.Path, await FileContent.FindHashAsync(file, cancellationToken)));
        var lost = Unmatched(missed, found.ToLookup(one => one.Hash, one => one.Path));
        var moved = missed.ToLookup(file => file.TakenHash, file => file.Path);
        var others = landed.Files.Where(file => !known.Contains(file.Path));
        var used = found.Where(one => moved.Contains(one.Hash ?? "")).Select(one => one.Path);
        lost.ExceptWith(
            await GrownElsewhereAsync(
                lost,
                changed,
                landed,
                [.. others.ExceptBy(used, file => file.Path)],
                [.. used],
                cancellationToken
            )
        );
        var rewritten = ImmutableArray.CreateBuilder<ConsumedFile>();
        // a file that takes the place of another one is in order where the source says so
        var replaces = landed.Source.Files is { OnChange: OnChangedFile.Replace };
        var unreadable = changed
            .Where(content => content.IsUnreadable && lost.Contains(content.Before))
            .Select(content => content.Before)
            .ToImmutableArray();
        foreach (
            var content in replaces
                ? []
                : changed.Where(content => !content.IsUnreadable && lost.Contains(content.Before))
        )
        {
            if (moved[content.Hash ?? ""].Any(path => path != content.Before.Path))
                gone.Add(content.Before);
            else if (
                landed.Source.Files is not { } config
                || !await GrownFile.IsAsync(config, content.Before, content.Now, cancellationToken)
            )
                rewritten.Add(content.Before);
        }
        return new LostContent(
            [.. gone.Where(lost.Contains).OrderBy(file => file.Path, StringComparer.Ordinal)],
            rewritten.ToImmutable()
        )
        {
            Unreadable = unreadable,
        };
    }

    /// <summary>Of contents that were not found as they were: those that another file begins with, under the path of none or of another one.</summary>
    /// <param name="found">Paths of files that stand for a content as it was.</param>
    private static async Task<IEnumerable<ConsumedFile>> GrownElsewhereAsync(
        IEnumerable<ConsumedFile> lost,
        IEnumerable<Content> changed,
        LandingZone landed,
        ImmutableArray<LandedFile> others,
        ImmutableHashSet<string> found,
        CancellationToken cancellationToken
    )
    {
        if (landed.Source.Files is not { } config)
            return [];
        var places = others.ToList();
        var left = lost.ToHashSet();
        foreach (var content in changed.Where(content => !content.IsUnreadable))
        {
            // what has grown in its place has the content that it had there
            if (await GrownFile.IsAsync(config, content.Before, content.Now, cancellationToken))
                left.Remove(content.Before);
            else if (!found.Contains(content.Now.Path))
                places.Add(content.Now);
        }
        return (await GrownElsewhere.FindAsync(config, left, places, cancellationToken)).Values;
    }

    private static async Task<bool> HasProblemAsync(
        LandingZone landed,
        LandedFile file,
        CancellationToken cancellationToken
    ) =>
        landed.Source.Files is { Format: FileFormat.Csv } config
        && await FileHeader.ReadAsync(config, FileHeader.DeclaredOf(config, landed), file, cancellationToken)
            is { Problem: not null };

    /// <summary>How many are certainly lost with their paths, by what a listing says: as many as nothing of their size can be.</summary>
    public static int Count(ImmutableArray<ConsumedFile> taken, LandingZone landed) =>
        Count(taken, landed, (_, now) => now is null);

    /// <summary>Of how many the content is certainly lost, although their paths are there: they are smaller than they were.</summary>
    public static int CountRewritten(ImmutableArray<ConsumedFile> taken, LandingZone landed) =>
        Count(taken, landed, (before, now) => now?.Size < before.Size);

    private static int Count(
        ImmutableArray<ConsumedFile> taken,
        LandingZone landed,
        Func<ConsumedFile, LandedFile?, bool> isLost
    )
    {
        var before = taken.ToDictionary(file => file.Path);
        var others = landed
            .Files.Where(file => !before.TryGetValue(file.Path, out var known) || LooksChanged(known, file))
            .CountBy(file => file.Size)
            .ToDictionary();
        var there = landed.Files.ToDictionary(file => file.Path);
        return taken
            .Where(file => !file.IsWaiting && isLost(file, there.GetValueOrDefault(file.Path)))
            .CountBy(file => file.Size)
            .Sum(same => Math.Max(0, same.Value - others.GetValueOrDefault(same.Key)));
    }

    /// <summary>Of contents that several files had, and fewer have now, those stay that lie under a name they had.</summary>
    private static HashSet<ConsumedFile> Unmatched(
        ImmutableArray<ConsumedFile> missed,
        ILookup<string?, string> found
    )
    {
        var lost = new HashSet<ConsumedFile>();
        foreach (var same in missed.GroupBy(file => file.TakenHash))
        {
            var names = found[same.Key].Select(Path.GetFileName).ToHashSet();
            lost.UnionWith(
                same.OrderByDescending(file => names.Contains(Path.GetFileName(file.Path)))
                    .ThenBy(file => file.Path, StringComparer.Ordinal)
                    .Skip(found[same.Key].Count())
            );
        }
        return lost;
    }

    // of a file that could not be read any more, size and time are those of what lies there
    private static bool LooksChanged(ConsumedFile before, LandedFile now) =>
        before.IsWaiting || before.Size != now.Size || before.ModifiedAt != now.ModifiedAt;

    /// <param name="Hash">Of what lies there now; null where it cannot be read.</param>
    private sealed record Content(ConsumedFile Before, LandedFile Now, string? Hash, bool IsUnreadable);
}
