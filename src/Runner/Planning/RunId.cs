using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Strata.Runner.Planning;

/// <summary>Names a run: sortable by time, unique, short enough to be part of temporary names.</summary>
public static partial class RunId
{
    /// <returns><c>20261121T014500-3f9a</c></returns>
    public static string Create(DateTimeOffset startedAt) =>
        startedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)
        + "-"
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));

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
