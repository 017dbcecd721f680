using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Files;

/// <summary>
/// A path with wildcards: <c>*</c> and <c>?</c> within a folder name or file name, <c>**</c> for any folders, at the end for all files in them,
/// <c>{a,b}</c> for either, which may be folders. Files and folders whose name begins with a dot match only a pattern that says so.
/// </summary>
public sealed class FilePattern
{
    private readonly Regex? _regex;

    public FilePattern(string path)
    {
        var parts = PartsOf(path);
        var folders = CountFixed(parts, "*?{");
        Root = RootOf(parts[..folders]);
        IsSingleFile = folders == parts.Length;
        // with its braces expanded, a path has no wildcard where it need not have one: less is listed
        var alternatives = PathBraces.Expand(path).Select(PartsOf).ToList();
        Places =
        [
            .. alternatives
                .Select(PlaceOf)
                .GroupBy(place => place.Root, StringComparer.Ordinal)
                .Select(same => new FilePlace(
                    same.Key,
                    same.All(place => place.IsFile),
                    same.Any(place => place.IsDeep)
                )),
        ];
        if (IsSingleFile)
            return;
        var rests = alternatives.Select(alternative => Resolve(alternative[folders..])).ToList();
        _regex = new Regex(string.Join('|', rests.Select(ToRegex)), OptionsFor(rests));
    }

    /// <summary>The part before the first wildcard or brace: the folder of all files, or the one file.</summary>
    public string Root { get; }

    public bool IsSingleFile { get; }

    /// <summary>What is to be looked at to find all files of the pattern, and others.</summary>
    public ImmutableArray<FilePlace> Places { get; }

    /// <summary>Whether a file of this path, as it is written down where it was found by such a pattern, can be one of the pattern's.</summary>
    public bool Finds(string path) =>
        IsSingleFile ? path == Root
        : Root.Length == 0 ? Matches(path)
        : path.StartsWith(Root.TrimEnd('/') + "/", StringComparison.Ordinal)
            && Matches(path[(Root.TrimEnd('/').Length + 1)..]);

    /// <param name="relative">A path below <see cref="Root"/>, with '/' separators.</param>
    public bool Matches(string relative) => _regex?.IsMatch(relative) ?? true;

    // an empty alternative leaves two slashes behind; at the beginning there is only one to be kept
    private static string[] PartsOf(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        return [.. parts.Where((part, i) => i == 0 || part.Length > 0)];
    }

    /// <summary>The folders as they are named where files are found: <c>a/./b/../c</c> is <c>a/c</c>.</summary>
    private static string[] Resolve(string[] parts)
    {
        var kept = new List<string>();
        foreach (var part in parts)
        {
            if (part == ".." && kept is [.., not ".." and var folder] && folder.AsSpan().IndexOfAny("*?") < 0)
                kept.RemoveAt(kept.Count - 1);
            else if (part != ".")
                kept.Add(part);
        }
        return [.. kept];
    }

    private static int CountFixed(string[] parts, string wildcards) =>
        parts.TakeWhile(part => part.AsSpan().IndexOfAny(wildcards) < 0).Count();

    private static string RootOf(string[] parts) => parts is [""] ? "/" : string.Join('/', parts);

    private static FilePlace PlaceOf(string[] parts)
    {
        var folders = CountFixed(parts, "*?");
        var isDeep = parts.Length - folders > 1 || parts[^1] == "**";
        return new FilePlace(RootOf(parts[..folders]), folders == parts.Length, isDeep);
    }

    /// <summary>
    /// A few stars are tried in all ways within no time; names that many of them match in a great many ways need an expression that
    /// does not go back, which takes 30 ms to make.
    /// </summary>
    private static RegexOptions OptionsFor(List<string[]> alternatives) =>
        alternatives.Any(parts => parts.Sum(part => part.Count(c => c == '*')) > 4)
            ? RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
            : RegexOptions.CultureInvariant;

    private static string ToRegex(string[] parts)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            if (parts[i] == "**")
            {
                regex.Append(isLast ? "([^./][^/]*/)*[^./][^/]*" : "([^./][^/]*/)*");
                continue;
            }
            AppendPart(regex, parts[i]);
            if (!isLast)
                regex.Append('/');
        }
        return regex.Append('$').ToString();
    }

    private static void AppendPart(StringBuilder regex, string part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            switch (c)
            {
                case '*':
                    regex.Append(i == 0 ? "([^./][^/]*)?" : "[^/]*");
                    break;
                case '?':
                    regex.Append(i == 0 ? "[^./]" : "[^/]");
                    break;
                default:
                    regex.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }
    }
}
