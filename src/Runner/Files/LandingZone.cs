using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Files;

/// <summary>What has landed for one files source, at one moment.</summary>
/// <param name="Files">Sorted by path.</param>
public sealed record LandingZone(SourceNode Source, ImmutableArray<LandedFile> Files)
{
    /// <summary>Two listings with the same version hold the same files.</summary>
    public string Version { get; } = Hash(Source, Files);

    /// <summary>Lists the files that the source's pattern matches. No file at all is no error.</summary>
    public static LandingZone List(
        SourceNode source,
        FilesConfig config,
        string projectFolder,
        DiagnosticBag diagnostics
    )
    {
        var pattern = new FilePattern(config.Path);
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(projectFolder, pattern.Root));
        var files = new List<LandedFile>();
        try
        {
            foreach (var file in Enumerate(root, pattern))
            {
                var relative = System.IO.Path.GetRelativePath(root, file.FullName).Replace('\\', '/');
                if (!pattern.Matches(relative))
                    continue;
                var shown = System.IO.Path.GetRelativePath(projectFolder, file.FullName).Replace('\\', '/');
                var outside = shown.StartsWith("../", StringComparison.Ordinal);
                files.Add(
                    new LandedFile(
                        outside ? file.FullName : shown,
                        file.FullName,
                        file.Length,
                        file.LastWriteTimeUtc.Ticks
                    )
                );
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            diagnostics.Add(StateDiagnostics.UnreadableFolder(source.Declaration, root, e.Message));
        }
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new LandingZone(source, [.. files]);
    }

    private static IEnumerable<FileInfo> Enumerate(string root, FilePattern pattern)
    {
        if (pattern.IsSingleFile)
            return File.Exists(root) ? [new FileInfo(root)] : [];
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = pattern.IsDeep,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.None,
        };
        return Directory.Exists(root) ? new DirectoryInfo(root).EnumerateFiles("*", options) : [];
    }

    private static string Hash(SourceNode source, ImmutableArray<LandedFile> files)
    {
        var text = new StringBuilder(source.Fingerprint);
        foreach (var file in files)
        {
            text.Append('\n')
                .Append(file.Path)
                .Append('\t')
                .Append(file.Size)
                .Append('\t')
                .Append(file.ModifiedAt);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
    }
}
