using System.Collections.Immutable;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>The <c>name=value</c> folders of a path.</summary>
internal static class FilePartitions
{
    // what Hive writes for null
    private const string Null = "__HIVE_DEFAULT_PARTITION__";

    public static ImmutableArray<string> NamesOf(ImmutableArray<LandedFile> files) =>
        [
            .. files
                .SelectMany(file => Of(file.Path))
                .Select(folder => folder.Name)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    public static string? Find(string path, string name)
    {
        foreach (var (known, value) in Of(path))
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value == Null ? null : Uri.UnescapeDataString(value);
        }
        return null;
    }

    private static IEnumerable<(string Name, string Value)> Of(string path)
    {
        foreach (var folder in path.Split('/')[..^1])
        {
            var at = folder.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
                yield return (folder[..at], folder[(at + 1)..]);
        }
    }
}
