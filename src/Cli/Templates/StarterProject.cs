using System.Collections.Immutable;
using System.Text;

namespace Strata.Cli.Templates;

/// <summary>The project that <c>strata init</c> writes; its files are resources of this assembly.</summary>
public static class StarterProject
{
    private const string Prefix = "starter/";
    private const string NamePlaceholder = "__project__";

    /// <returns>The files written, relative to the folder, sorted.</returns>
    public static ImmutableArray<string> Write(string folder, CancellationToken cancellation)
    {
        var name = NameFor(folder);
        var written = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, text) in Read().OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var target = Path.Combine(folder, path);
            if (Path.GetDirectoryName(target) is { } parent)
                Directory.CreateDirectory(parent);
            if (File.Exists(target))
                continue;
            File.WriteAllText(target, text.Replace(NamePlaceholder, name, StringComparison.Ordinal));
            written.Add(path);
        }
        return written.ToImmutable();
    }

    /// <summary>The folder's name as an identifier that needs no quotes: <c>My Shop!</c> gives <c>my_shop</c>.</summary>
    public static string NameFor(string folder)
    {
        var name = new StringBuilder();
        foreach (var c in Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                name.Append(c);
            else if (name.Length > 0 && name[^1] != '_')
                name.Append('_');
        }
        var text = name.ToString().Trim('_');
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? ("shop_" + text).Trim('_') : text;
    }

    private static IEnumerable<(string Path, string Text)> Read()
    {
        var assembly = typeof(StarterProject).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using var stream = assembly.GetManifestResourceStream(resource);
            if (stream is null)
                continue;
            using var reader = new StreamReader(stream);
            var path = resource[Prefix.Length..].Replace('\\', '/');
            // a .gitignore here would ignore our own files
            yield return (path == "gitignore" ? ".gitignore" : path, reader.ReadToEnd());
        }
    }
}
