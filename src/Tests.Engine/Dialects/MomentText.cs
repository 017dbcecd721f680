using System.Globalization;
using System.Text.RegularExpressions;

namespace Strata.Tests.Engine.Dialects;

/// <summary>Dates and times as people write them, in the one spelling that every engine reads alike (ISO 8601).</summary>
internal static partial class MomentText
{
    private const DateTimeStyles Styles =
        DateTimeStyles.AllowWhiteSpaces
        | DateTimeStyles.NoCurrentDateDefault
        | DateTimeStyles.AdjustToUniversal;

    /// <summary>
    /// The text for a literal of the family: as it is where it is plain, else written anew. An offset holds in UTC where the column
    /// has none. Null where it names no day: a time alone, or no time at all.
    /// </summary>
    public static string? Normal(string text, TypeFamily family)
    {
        text = text.Trim();
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, Styles, out var moment))
            return null;
        if (Plain().IsMatch(text) || (family == TypeFamily.TimestampTz && Zoned().IsMatch(text)))
            return text;
        // a time alone is read as one of the first day there is
        if (moment.Year == 1)
            return null;
        var format = moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFF";
        return moment.ToString(format, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Zoned();
}
