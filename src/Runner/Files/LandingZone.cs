using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;

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
        var files = new Dictionary<string, LandedFile>(StringComparer.Ordinal);
        var place = root;
        try
        {
            foreach (var one in pattern.Places)
            {
                place = System.IO.Path.GetFullPath(System.IO.Path.Combine(projectFolder, one.Root));
                foreach (var file in FolderWalk.Find(place, one))
                {
                    if (pattern.Matches(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')))
                        files.TryAdd(file, LandedFile.At(file, projectFolder));
                }
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            diagnostics.Add(InputDiagnostics.UnreadableFolder(source.Declaration, place, e.Message));
        }
        return new LandingZone(source, [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)]);
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
