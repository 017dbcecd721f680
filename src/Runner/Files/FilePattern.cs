using System.Text;
using System.Text.RegularExpressions;

namespace Strata.Runner.Files;

/// <summary>
/// A path with wildcards: <c>*</c> and <c>?</c> within a folder name or file name, <c>**</c> for any folders,
/// <c>{a,b}</c> for either. Files and folders whose name begins with a dot match only a pattern that says so.
/// </summary>
public sealed class FilePattern
{
    private readonly Regex? _regex;

    public FilePattern(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(part => part.AsSpan().IndexOfAny("*?{") < 0).ToArray();
        var root = string.Join('/', fixedParts);
        Root = root.Length == 0 && path.StartsWith('/') ? "/" : root;
        var rest = parts[fixedParts.Length..];
        IsSingleFile = rest.Length == 0;
        IsDeep = rest.Length > 1;
        if (!IsSingleFile)
            _regex = new Regex(ToRegex(rest), OptionsFor(rest));
    }

    /// <summary>The part before the first wildcard: the folder to list, or the one file.</summary>
    public string Root { get; }

    public bool IsSingleFile { get; }

    /// <summary>Whether files below folders of the root can match.</summary>
    public bool IsDeep { get; }

    /// <summary>Whether a file of this path, as it is written down where it was found by such a pattern, can be one of the pattern's.</summary>
    public bool Finds(string path) =>
        IsSingleFile ? path == Root
        : Root.Length == 0 ? Matches(path)
        : path.StartsWith(Root.TrimEnd('/') + "/", StringComparison.Ordinal)
            && Matches(path[(Root.TrimEnd('/').Length + 1)..]);

    /// <param name="relative">A path below <see cref="Root"/>, with '/' separators.</param>
    public bool Matches(string relative) => _regex?.IsMatch(relative) ?? true;

    /// <summary>
    /// A few stars are tried in all ways within no time; names that many of them match in a great many ways need an expression that
    /// does not go back, which takes 30 ms to make.
    /// </summary>
    private static RegexOptions OptionsFor(string[] parts) =>
        parts.Sum(part => part.Count(c => c == '*')) > 4
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
        var depth = 0;
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
                case '{':
                    depth++;
                    regex.Append("(?:");
                    break;
                case '}' when depth > 0:
                    depth--;
                    regex.Append(')');
                    break;
                case ',' when depth > 0:
                    regex.Append('|');
                    break;
                default:
                    regex.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }
    }
}
