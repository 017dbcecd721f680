namespace Strata.Compiler.Graph.Selection;

/// <summary>Shell patterns: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, <c>[!abc]</c>. Case matters.</summary>
internal static class Glob
{
    public static bool IsPattern(ReadOnlySpan<char> text) => text.IndexOfAny("*?[]") >= 0;

    /// <summary>Whether the whole text matches; <c>*</c> crosses everything.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0,
            t = 0,
            star = -1,
            mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (star >= 0)
            {
                // let the last star take one more character
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    /// <summary>
    /// Whether a path, or a folder above it, matches a pattern in which <c>*</c> stays within one folder and
    /// <c>**</c> stands for any number of folders.
    /// </summary>
    public static bool MatchesPath(string pattern, string path)
    {
        var patterns = pattern
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".")
            .ToArray();
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return patterns.Length > 0 && MatchesPrefix(patterns, parts);
    }

    private static bool MatchesPrefix(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return true;
        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= path.Length; skip++)
            {
                if (MatchesPrefix(pattern[1..], path[skip..]))
                    return true;
            }
            return false;
        }
        return !path.IsEmpty && Matches(pattern[0], path[0]) && MatchesPrefix(pattern[1..], path[1..]);
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, ref int p, char c)
    {
        switch (pattern[p])
        {
            case '?':
                p++;
                return true;
            case '[' when FindSetEnd(pattern, p) is var end and > 0:
                if (!InSet(pattern[(p + 1)..end], c))
                    return false;
                p = end + 1;
                return true;
            default:
                if (pattern[p] != c)
                    return false;
                p++;
                return true;
        }
    }

    // a bracket right behind the opening one belongs to the set
    private static int FindSetEnd(ReadOnlySpan<char> pattern, int start)
    {
        var first = start + 1;
        if (first < pattern.Length && pattern[first] == '!')
            first++;
        if (first + 1 > pattern.Length)
            return -1;
        var end =
            first + 1 <= pattern.Length ? pattern[Math.Min(first + 1, pattern.Length)..].IndexOf(']') : -1;
        return end < 0 ? -1 : first + 1 + end;
    }

    private static bool InSet(ReadOnlySpan<char> set, char c)
    {
        var isNegated = set.StartsWith("!", StringComparison.Ordinal);
        if (isNegated)
            set = set[1..];
        var found = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                found |= set[i] == c;
            }
        }
        return found != isNegated;
    }
}
