using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Strata.Runner.Planning;

/// <summary>Names a run: sortable by time, unique, short enough to be part of temporary names.</summary>
public static partial class RunId
{
    private const int Parts = 0x10000;

    // by second, the last part of it that has a name
    private static readonly ConcurrentDictionary<string, int> s_given = new(StringComparer.Ordinal);

    /// <summary>
    /// The second, and behind the hyphen how much of it had passed, in parts of 65,536: the newer of two states of a node is told by
    /// their runs, which may be of one second. Within a process no two runs have one name, whatever its clock says.
    /// </summary>
    /// <returns><c>20261121T014500-3f9a</c></returns>
    public static string Create(DateTimeOffset startedAt)
    {
        var second = startedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var passed = (int)(startedAt.UtcTicks % TimeSpan.TicksPerSecond * Parts / TimeSpan.TicksPerSecond);
        var part = s_given.AddOrUpdate(second, passed, (_, last) => Math.Max(passed, last + 1));
        return second + "-" + (part % Parts).ToString("x4", CultureInfo.InvariantCulture);
    }

    /// <summary>The second in which a run began; null for what is no name of a run.</summary>
    public static DateTimeOffset? TimeOf(string runId) =>
        IsRunId(runId)
            ? DateTimeOffset.ParseExact(
                runId.AsSpan(0, runId.IndexOf('-', StringComparison.Ordinal)),
                "yyyyMMdd'T'HHmmss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            )
            : null;

    /// <summary>The form inside identifiers: <c>20261121t014500_3f9a</c>.</summary>
    public static string ToIdentifier(string runId) => runId.ToLowerInvariant().Replace('-', '_');

    /// <summary>Whether a schema or a table has a name that <see cref="StageNames"/> of some run gave it.</summary>
    public static bool IsStageName(string name) => StagePattern().IsMatch(name);

    public static bool IsRunId(string text) => Pattern().IsMatch(text);

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}-[0-9a-f]{4}$")]
    private static partial Regex Pattern();

    [GeneratedRegex("(^|__)strata_[0-9]{8}t[0-9]{6}_[0-9a-f]{4}(__|$)")]
    private static partial Regex StagePattern();
}
