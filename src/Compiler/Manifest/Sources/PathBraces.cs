using System.Collections.Immutable;

namespace Strata.Compiler.Manifest.Sources;

/// <summary>Braces in a path: <c>{orders/**,refunds}/*.csv</c> is two paths. They may stand in each other.</summary>
public static class PathBraces
{
    /// <summary>More paths than this are no pattern any more.</summary>
    public const int MostPaths = 1000;

    /// <summary>Why the braces of a path cannot be understood; null if they can.</summary>
    public static string? FindProblem(string path)
    {
        var depth = 0;
        foreach (var c in path)
            depth +=
                c == '{' ? 1
                : c == '}' && depth > 0 ? -1
                : 0;
        if (depth > 0)
            return "a brace is not closed";
        var paths = Expand(path).Take(MostPaths + 1).ToList();
        return paths.Count > MostPaths ? $"its braces stand for more than {MostPaths} paths"
            : !path.StartsWith('/') && paths.Exists(one => one.StartsWith('/'))
                ? "its braces stand for paths inside the project and paths outside of it"
            : null;
    }

    /// <summary>The paths that a path stands for, in the order in which they are written. A <c>}</c> alone is a character.</summary>
    /// <exception cref="FormatException">A brace is not closed.</exception>
    public static IEnumerable<string> Expand(string path)
    {
        var open = path.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return [path];
        var (parts, end) = Split(path, open);
        // lazily: braces that follow each other multiply
        return parts.SelectMany(part =>
            Expand(part).SelectMany(one => Expand(path[end..]).Select(rest => path[..open] + one + rest))
        );
    }

    private static (ImmutableArray<string> Parts, int End) Split(string path, int open)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var (depth, start) = (0, open + 1);
        for (var i = open; i < path.Length; i++)
        {
            if (path[i] == '{')
                depth++;
            else if (path[i] == '}')
                depth--;
            if (depth > 1 || (depth == 1 && path[i] != ','))
                continue;
            parts.Add(path[start..i]);
            start = i + 1;
            if (depth == 0)
                return (parts.ToImmutable(), start);
        }
        throw new FormatException($"a brace is not closed: {path}");
    }
}
