namespace Strata.Compiler.Diagnostics;

/// <summary>"did you mean": the known name nearest to an unknown one.</summary>
public static class Suggestions
{
    /// <summary>
    /// The candidate with the smallest optimal-string-alignment distance (edits and swaps of neighbours,
    /// ignoring case), if it is near enough to be a slip of the keyboard; null otherwise.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var limit = name.Length <= 3 ? 1 : Math.Max(2, name.Length / 3);
        string? best = null;
        var bestDistance = limit + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance)
                continue;
            var distance = Distance(name, candidate);
            if (
                distance < bestDistance
                || (
                    distance == bestDistance && best is not null && string.CompareOrdinal(candidate, best) < 0
                )
            )
            {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /// <summary><c>did you mean 'x'?</c>, or null when nothing is near.</summary>
    public static string? DidYouMean(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? HintOf(nearest) : null;

    /// <summary>The hint that names one.</summary>
    public static string HintOf(string name) => $"did you mean '{name}'?";

    /// <summary>The candidates that share most words with a name, of those that share any; words are what underscores divide.</summary>
    public static IEnumerable<string> SharingWords(string name, IEnumerable<string> candidates, int most)
    {
        // short ones say little: to, be, of
        var words = name.Split('_')
            .Where(word => word.Length > 2)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return candidates
            .Select(candidate => (candidate, shared: candidate.Split('_').Distinct().Count(words.Contains)))
            .Where(one => one.shared > 0)
            .OrderByDescending(one => one.shared)
            .ThenBy(one => one.candidate.Length)
            .ThenBy(one => one.candidate, StringComparer.Ordinal)
            .Take(most)
            .Select(one => one.candidate);
    }

    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                var cost = Math.Min(
                    Math.Min(previous[j] + 1, current[j - 1] + 1),
                    previous[j - 1] + (same ? 0 : 1)
                );
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    cost = Math.Min(cost, before[j - 2] + 1);
                current[j] = cost;
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
