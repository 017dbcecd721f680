using System.Collections.Immutable;
using Strata.Runner.Microbatches;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>Under which paths a model has rows of some files: their own, and those under which their content lay before.</summary>
/// <param name="Paths">Which of the rows that have such a path may be theirs.</param>
internal sealed record GonePaths(ImmutableDictionary<string, GonePaths.Span> Paths)
{
    /// <param name="notes">Of all files that the model has taken in.</param>
    public static GonePaths Of(IEnumerable<ConsumedFile> files, IReadOnlyCollection<ConsumedFile> notes)
    {
        ImmutableArray<ConsumedFile> all = [.. files];
        var contents = all.Select(file => file.TakenHash).ToHashSet();
        var used = notes.Where(note => !note.IsMoved).Select(note => note.Path).ToHashSet();
        var former = notes.Where(note => note.IsMoved).ToLookup(note => note.Path);
        var spans = all.Select(file => (file.Path, Span: new Span(Since(file), long.MinValue)))
            .Concat(
                notes
                    .Where(note => note.IsMoved && contents.Contains(note.TakenHash))
                    .Select(note =>
                        (
                            note.Path,
                            Span: used.Contains(note.Path)
                                ? new Span(long.MaxValue, note.ModifiedAt)
                                : Span.Always
                        )
                    )
            );
        return new GonePaths(
            spans
                .GroupBy(one => one.Path, one => one.Span)
                .ToImmutableDictionary(
                    same => same.Key,
                    same => new Span(same.Min(span => span.Since), same.Max(span => span.Until))
                )
        );

        // what was built before is of the contents that were found elsewhere then
        long Since(ConsumedFile file) =>
            former[file.Path]
                .Where(note => note.TakenHash != file.TakenHash)
                .Select(note => note.ModifiedAt)
                .DefaultIfEmpty(long.MinValue)
                .Max();
    }

    /// <summary>Whether rows that a period has under a path may be theirs.</summary>
    /// <param name="built">What is known of the period.</param>
    public bool MayHave(string path, BatchRecord? built) =>
        Paths.TryGetValue(path, out var span) && span.MayHave(built);

    /// <summary>When rows under a path were built that are of a content: not before it took the path, or before another one did. UTC ticks.</summary>
    /// <param name="Since">When the run began that found the former content of the path elsewhere.</param>
    /// <param name="Until">When the run began that found the content elsewhere.</param>
    internal readonly record struct Span(long Since, long Until)
    {
        public static readonly Span Always = new(long.MinValue, long.MinValue);

        public bool MayHave(BatchRecord? built) =>
            built is not { IsPublished: true }
            || built.KnownUntil.UtcTicks >= Since
            || built.KnownUntil.UtcTicks < Until;
    }
}
