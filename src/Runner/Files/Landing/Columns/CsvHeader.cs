using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>What the first line of a csv file names.</summary>
internal static class CsvHeader
{
    /// <returns>Null for a file without any record.</returns>
    /// <exception cref="InvalidDataException">The line is no header.</exception>
    public static async Task<ImmutableArray<string>?> ReadAsync(
        RecordReader records,
        CancellationToken cancellationToken
    )
    {
        if (!await records.ReadAsync(cancellationToken))
            return null;
        if (records.Problem is { } problem)
            throw new InvalidDataException($"its header cannot be read: {problem}");
        ImmutableArray<string> names = [.. Enumerable.Range(0, records.FieldCount).Select(records.Field)];
        // utf-16 without its mark is valid utf-8, and no engine has such names
        if (names.Any(name => name.Contains('\0', StringComparison.Ordinal)))
            throw new InvalidDataException(
                "its header contains NUL characters: it is not text, or has another encoding (utf-16?)"
            );
        return CsvLayout.Distinct(names);
    }

    /// <summary>All names in the headers of some files; those that cannot be read are left to whoever reads them whole.</summary>
    public static async Task<ImmutableArray<string>> UnionAsync(
        FilesConfig config,
        IEnumerable<LandedFile> files,
        CancellationToken cancellationToken
    )
    {
        var all = new List<string>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            try
            {
                await using var content = FileContent.Open(file);
                using var text = content.ReadText(config.Encoding);
                var header = await ReadAsync(new CsvRecords(text, config.Csv), cancellationToken);
                all.AddRange((header ?? []).Where(known.Add));
            }
            catch (Exception e) when (FileContent.IsUnreadable(e))
            {
                // reported when the file is read
            }
        }
        return [.. all];
    }
}
