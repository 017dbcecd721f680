using System.IO.Enumeration;

namespace Strata.Runner.Files;

/// <summary>
/// Finds the files of a place by their paths. Links are followed, those to folders, too; one that leads back to a folder that it lies in is not.
/// </summary>
internal static class FolderWalk
{
    /// <param name="root">The full path of the place.</param>
    public static IEnumerable<string> Find(string root, FilePlace place)
    {
        // a link to nothing exists, too: reading it says what is wrong
        if (place.IsFile)
            return File.Exists(root) ? [root] : [];
        if (!Directory.Exists(root))
            return [];
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = place.IsDeep,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.None,
        };
        return new FileSystemEnumerable<string>(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            options
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0 || !LeadsBack(entry.ToFullPath(), root),
        };
    }

    /// <summary>Whether a link leads to a folder on the way from the root to it, or to one that such a folder lies in.</summary>
    private static bool LeadsBack(string link, string root)
    {
        var target = RealPath(link);
        for (
            var folder = Path.GetDirectoryName(link);
            folder is not null && folder.Length >= root.Length;
            folder = Path.GetDirectoryName(folder)
        )
        {
            if (IsWithin(RealPath(folder), target))
                return true;
        }
        return false;
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder
        || path.StartsWith(
            Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        )
        || folder == Path.GetPathRoot(path);

    /// <summary>A path without any link in it.</summary>
    public static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path) ?? "";
        foreach (
            var part in path[real.Length..]
                .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
        )
        {
            real = Path.Combine(real, part);
            // a link may lead through others
            if (new DirectoryInfo(real).LinkTarget is { } target)
                real = RealPath(Path.GetFullPath(target, Path.GetDirectoryName(real) ?? real));
        }
        return real;
    }
}
