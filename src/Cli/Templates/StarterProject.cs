using System.Collections.Immutable;
using System.Text;

namespace Strata.Cli.Templates;

/// <summary>The project that <c>strata init</c> writes; its files are resources of this assembly.</summary>
public static class StarterProject
{
    private const string Prefix = "starter/";

    /// <summary>The engines that gold can be on.</summary>
    public static ImmutableArray<string> GoldEngines { get; } = ["duckdb", Postgres];

    public const string Postgres = "postgres";

    /// <param name="gold">One of <see cref="GoldEngines"/>.</param>
    /// <returns>The files written, relative to the folder, sorted.</returns>
    public static ImmutableArray<string> Write(string folder, string gold, CancellationToken cancellation)
    {
        var files = Read(Prefix).ToDictionary();
        // what stands in a folder of the engine's name takes the place of what stands in the common one
        foreach (var (path, text) in Read(gold + "/"))
            files[path] = text;
        var written = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, text) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var target = Path.Combine(folder, path);
            if (Path.GetDirectoryName(target) is { } parent)
                Directory.CreateDirectory(parent);
            if (File.Exists(target))
                continue;
            File.WriteAllText(target, Fill(text, NameFor(folder), gold));
            written.Add(path);
        }
        return written.ToImmutable();
    }

    private static string Fill(string text, string name, string gold)
    {
        var isApart = gold == Postgres;
        return text.Replace("__project__", name, StringComparison.Ordinal)
            .Replace(
                "__gold__",
                $"engine: {gold}, schema: gold, materialized: table{(isApart ? ", publish: run" : "")}",
                StringComparison.Ordinal
            )
            .Replace(
                "__where__",
                isApart ? "bronze and silver in a DuckDB file, gold on Postgres" : "all in one DuckDB file",
                StringComparison.Ordinal
            );
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

    private static IEnumerable<(string Path, string Text)> Read(string prefix)
    {
        var assembly = typeof(StarterProject).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            using var stream = assembly.GetManifestResourceStream(resource);
            if (stream is null)
                continue;
            using var reader = new StreamReader(stream);
            var path = resource[prefix.Length..].Replace('\\', '/');
            // a .gitignore here would ignore our own files
            yield return (path == "gitignore" ? ".gitignore" : path, reader.ReadToEnd());
        }
    }
}
