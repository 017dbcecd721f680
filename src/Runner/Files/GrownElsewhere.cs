using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files;

/// <summary>
/// Landed files that have grown and were given other names before a run saw that: another file begins with what was taken in, and has more rows
/// behind it. See <see cref="GrownFile"/>, which says the same of a file that has kept its name.
/// </summary>
internal static class GrownElsewhere
{
    /// <param name="left">What was taken in, and does not lie under its path.</param>
    /// <param name="files">Where it may lie.</param>
    /// <returns>By the path of a file, the longest content that it begins with. Each content has one place, and one without rows has none.</returns>
    public static async Task<ImmutableDictionary<string, ConsumedFile>> FindAsync(
        FilesConfig config,
        IEnumerable<ConsumedFile> left,
        IEnumerable<LandedFile> files,
        CancellationToken cancellationToken
    )
    {
        var open = left.Where(file => GoneFiles.IsTaken(file) && file is { IsWaiting: false, Size: > 0 })
            .GroupBy(file => (file.Size, file.TakenHash))
            .ToDictionary(
                same => same.Key,
                same => new Queue<ConsumedFile>(same.OrderBy(file => file.Path, StringComparer.Ordinal))
            );
        if (open.Count == 0)
            return ImmutableDictionary<string, ConsumedFile>.Empty;
        ImmutableArray<long> sizes = [.. open.Keys.Select(key => key.Size).Distinct().Order()];
        var found = ImmutableDictionary.CreateBuilder<string, ConsumedFile>();
        foreach (var file in files.Where(file => GrownFile.CanBe(config, file) && file.Size > sizes[0]))
        {
            var ends = await GrownFile.EndsAsync(
                config,
                file,
                [.. sizes.TakeWhile(size => size < file.Size)],
                cancellationToken
            );
            var hashes = await FileContent.FindHashesAsync(file, ends, cancellationToken);
            foreach (var (size, hash) in hashes.Reverse())
            {
                if (
                    open.GetValueOrDefault((size, hash)) is { Count: > 0 } same
                    && await GrownFile.CountOldAsync(config, file, size, cancellationToken) > 0
                )
                {
                    found.Add(file.Path, same.Dequeue());
                    break;
                }
            }
        }
        return found.ToImmutable();
    }
}
