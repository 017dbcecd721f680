using System.Text.RegularExpressions;

namespace Strata.EndToEnd;

/// <summary>Replaces what differs from run to run and from machine to machine by words.</summary>
internal sealed partial class Normalization(IEnumerable<(string Text, string Word)> known)
{
    // longest first: a folder's path before that of the folder above it
    private readonly List<(string Text, string Word)> _known =
    [
        .. known.Where(pair => pair.Text.Length > 0).OrderByDescending(pair => pair.Text.Length),
    ];

    public string Apply(string text)
    {
        text = text.ReplaceLineEndings("\n");
        foreach (var (value, word) in _known)
            text = text.Replace(value, word, StringComparison.Ordinal);
        text = RunId().Replace(text, "<run>");
        text = Instant().Replace(text, "<instant>");
        text = Duration().Replace(text, "<time>");
        text = AlignedTime().Replace(text, "$1  <time>");
        text = Seconds().Replace(text, "$1<seconds>");
        text = ProcessId().Replace(text, "$1<pid>");
        text = Program().Replace(text, "<program> (PID");
        text = Machine().Replace(text, "$1<depends>");
        text = DotNet().Replace(text, "on .NET <version>");
        return SortFinished(ServerVersion().Replace(text, "$1 <version>"));
    }

    // nodes that do not read each other finish in any order: their lines are sorted by name
    private static string SortFinished(string text)
    {
        var lines = text.Split('\n').ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            var count = lines.Skip(i).TakeWhile(line => Finished().IsMatch(line)).Count();
            lines.Sort(i, count, Comparer<string>.Create((a, b) => string.CompareOrdinal(a[7..], b[7..])));
            i += count;
        }
        return string.Join('\n', lines);
    }

    [GeneratedRegex("^(ok   |fresh|warn |fail |skip |held |stop )  ")]
    private static partial Regex Finished();

    [GeneratedRegex("[0-9]{8}[Tt][0-9]{6}[-_][0-9a-f]{4}")]
    private static partial Regex RunId();

    [GeneratedRegex(
        @"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|\+00(:00)?| UTC)"
    )]
    private static partial Regex Instant();

    [GeneratedRegex(@"(?<![\w.])([0-9]+ms|[0-9]+\.[0-9]s|[0-9]+m[0-9]{2}s)\b")]
    private static partial Regex Duration();

    // in a table short ones are moved to the right; in the lines of nodes they are not
    [GeneratedRegex(
        @"^(?!(?:ok|fresh|warn|part|fail|skip|held|stop) )(.*\S) {3,}<time>",
        RegexOptions.Multiline
    )]
    private static partial Regex AlignedTime();

    [GeneratedRegex(@"(""(?:seconds|age_in_s|stage|audit|publish|copy)"":)[0-9.E-]+")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\b(PID |process |pid )[0-9]+")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"^( {6}(?:threads|memory limit|size) +)\S.*$", RegexOptions.Multiline)]
    private static partial Regex Machine();

    [GeneratedRegex(@"\S*/(dotnet|strata) \(PID")]
    private static partial Regex Program();

    [GeneratedRegex(@"on \.NET [0-9.]+, [\w.-]+")]
    private static partial Regex DotNet();

    [GeneratedRegex(@"\b(PostgreSQL|DuckDB) v?[0-9]+(\.[0-9]+)+( \([^)]*\))?")]
    private static partial Regex ServerVersion();
}
