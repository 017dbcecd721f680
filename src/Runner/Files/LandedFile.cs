namespace Strata.Runner.Files;

/// <summary>A file in a landing zone.</summary>
/// <param name="Path">Relative to the project with '/' separators; absolute outside of it.</param>
/// <param name="FullPath">As the engine opens it.</param>
/// <param name="Size">Where the path is a link, of the file that it leads to.</param>
/// <param name="ModifiedAt">UTC ticks of the last write, of that file, too.</param>
public sealed record LandedFile(string Path, string FullPath, long Size, long ModifiedAt)
{
    /// <summary>The file as it is now. A link that leads nowhere is itself the file: it is another one as soon as it leads somewhere.</summary>
    public static LandedFile At(string fullPath, string projectFolder)
    {
        var shown = System.IO.Path.GetRelativePath(projectFolder, fullPath).Replace('\\', '/');
        var outside = shown.StartsWith("../", StringComparison.Ordinal);
        var file = Content(fullPath);
        return new LandedFile(outside ? fullPath : shown, fullPath, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    /// <summary>Whether the file that is there now has another size or time.</summary>
    /// <param name="size">How much of it was read.</param>
    internal bool DiffersNow(long size) =>
        size != Size || Content(FullPath).LastWriteTimeUtc.Ticks != ModifiedAt;

    /// <summary>What the path leads to if it is a link and nothing is there.</summary>
    internal string? FindDeadEnd()
    {
        var file = Content(FullPath);
        return IsLink(file) ? file.LinkTarget : null;
    }

    private static FileInfo Content(string fullPath)
    {
        var file = new FileInfo(fullPath);
        if (!IsLink(file))
            return file;
        try
        {
            // a link is relative to the folder that it really lies in
            var folder = FolderWalk.RealPath(System.IO.Path.GetDirectoryName(fullPath) ?? "");
            var link = new FileInfo(System.IO.Path.Combine(folder, file.Name));
            return link.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target
                ? target
                : file;
        }
        catch (IOException)
        {
            // links that lead to each other
            return file;
        }
    }

    private static bool IsLink(FileInfo file) =>
        file.Exists && (file.Attributes & FileAttributes.ReparsePoint) != 0;
}
