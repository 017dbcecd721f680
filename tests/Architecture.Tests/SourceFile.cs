namespace Strata.Architecture.Tests;

/// <summary>A C# file that somebody wrote, with its path relative to the repository.</summary>
internal sealed record SourceFile(string Path)
{
    public string Text => File.ReadAllText(RepositoryRoot.Combine(Path));

    public static IEnumerable<SourceFile> Below(params ReadOnlySpan<string> folders)
    {
        var files = new List<SourceFile>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(RepositoryRoot.Combine(folder)))
                continue;
            files.AddRange(
                Directory
                    .EnumerateFiles(RepositoryRoot.Combine(folder), "*.cs", SearchOption.AllDirectories)
                    .Select(file =>
                        System.IO.Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/')
                    )
                    .Where(file => !file.Contains("/bin/") && !file.Contains("/obj/"))
                    .Order(StringComparer.Ordinal)
                    .Select(file => new SourceFile(file))
            );
        }
        return files;
    }
}
