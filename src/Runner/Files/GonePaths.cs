using System.Collections.Immutable;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>Under which paths a model has rows of some files: their own, and those under which their content lay before.</summary>
/// <param name="Certain">All rows that have such a path are theirs.</param>
/// <param name="Reused">
/// Other files have taken these since: rows are theirs only where they were built before that, in UTC ticks; of when their content was found elsewhere.
/// </param>
internal sealed record GonePaths(ImmutableHashSet<string> Certain, ImmutableDictionary<string, long> Reused)
{
    /// <param name="notes">Of all files that the model has taken in.</param>
    public static GonePaths Of(IEnumerable<ConsumedFile> files, IReadOnlyCollection<ConsumedFile> notes)
    {
        ImmutableArray<ConsumedFile> all = [.. files];
        var contents = all.Select(file => file.TakenHash).ToHashSet();
        var used = notes.Where(note => !note.IsMoved).Select(note => note.Path).ToHashSet();
        var former = notes
            .Where(note => note.IsMoved && contents.Contains(note.TakenHash))
            .ToLookup(note => used.Contains(note.Path));
        var certain = all.Concat(former[false]).Select(file => file.Path).ToImmutableHashSet();
        return new GonePaths(
            certain,
            former[true]
                .Where(note => !certain.Contains(note.Path))
                .GroupBy(note => note.Path)
                .ToImmutableDictionary(same => same.Key, same => same.Max(note => note.ModifiedAt))
        );
    }

    /// <summary>Whether rows that a period has under a path may be theirs.</summary>
    /// <param name="built">What is known of the period.</param>
    public bool MayHave(string path, BatchRecord? built) =>
        Certain.Contains(path) || Reused.TryGetValue(path, out var at) && IsOlder(built, at);

    /// <summary>Whether rows of a period may have been built before an instant.</summary>
    public static bool IsOlder(BatchRecord? built, long at) =>
        built is not { IsPublished: true } || built.KnownUntil.UtcTicks < at;
}
