using System.Globalization;
using System.Text;
using Strata.Compiler.Templating.Evaluation;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Dates as text, with the formats of strftime.</summary>
internal static class DateFormat
{
    public const string Default = "%d %b %Y";

    /// <summary>What <c>date.format</c> is set to in this render.</summary>
    public static string CurrentFormat(RenderContext context) =>
        context.Globals.TryGetAssigned("date", out var date)
        && date is BuiltInObject functions
        && functions.TryGet("format", out var format)
        && format is string text
            ? text
            : Default;

    /// <summary>
    /// What printing a date gives. Unless the template set <c>date.format</c>, it is what SQL reads without losing
    /// the time; the language's own default, a day with the name of its month, is for the lenient mode only.
    /// </summary>
    public static string Print(DateTime date, RenderContext context)
    {
        var format = CurrentFormat(context);
        if (context.Options.IsLenient || !ReferenceEquals(format, Default))
            return Format(date, format, context.Options.Culture);
        return date.ToString(
            date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFF",
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>Reads a date in any common form; a time zone in it is converted to UTC.</summary>
    public static bool TryParse(string text, CultureInfo culture, out DateTime date) =>
        DateTime.TryParse(
            text,
            culture,
            DateTimeStyles.NoCurrentDateDefault
                | DateTimeStyles.AssumeUniversal
                | DateTimeStyles.AdjustToUniversal,
            out date
        );

    public static string Format(DateTime date, string format, CultureInfo culture)
    {
        var text = new StringBuilder();
        if (format == "%g")
            format = "%g " + Default;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            i++;
            if (format[i] == 'g')
            {
                // from here on the names are those of no culture
                culture = CultureInfo.InvariantCulture;
                continue;
            }
            var flag = '\0';
            if (format[i] is '^' or '-' or '_' && i + 1 < format.Length)
                flag = format[i++];
            AppendPart(text, date, format[i], flag, culture);
        }
        return text.ToString();
    }

    private static void AppendPart(
        StringBuilder text,
        DateTime date,
        char part,
        char flag,
        CultureInfo culture
    )
    {
        if (Part(date, part, culture) is not { } value)
        {
            text.Append('%');
            if (flag != '\0')
                text.Append(flag);
            text.Append(part);
            return;
        }
        text.Append(
            flag switch
            {
                '^' => value.ToUpper(culture),
                '-' => value.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0",
                '_' => value.TrimStart('0').PadLeft(value.Length),
                _ => value,
            }
        );
    }

    private static string? Part(DateTime date, char part, CultureInfo culture) =>
        part switch
        {
            'a' => date.ToString("ddd", culture),
            'A' => date.ToString("dddd", culture),
            'b' or 'h' => date.ToString("MMM", culture),
            'B' => date.ToString("MMMM", culture),
            'c' => date.ToString("ddd MMM dd HH:mm:ss yyyy", culture),
            'C' => (date.Year / 100).ToString("D2", culture),
            'd' => date.ToString("dd", culture),
            'D' => date.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
            'e' => date.Day.ToString(culture).PadLeft(2),
            'F' => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            'H' => date.ToString("HH", culture),
            'I' => date.ToString("hh", culture),
            'j' => date.DayOfYear.ToString("D3", culture),
            'k' => date.Hour.ToString(culture).PadLeft(2),
            'l' => date.ToString("%h", culture).PadLeft(2),
            'L' => date.ToString("fff", culture),
            'm' => date.ToString("MM", culture),
            'M' => date.ToString("mm", culture),
            'n' => "\n",
            'N' => date.ToString("fffffff", culture) + "00",
            'p' => date.ToString("tt", culture).ToUpper(culture),
            'P' => date.ToString("tt", culture).ToLower(culture),
            'r' => date.ToString("hh:mm:ss tt", CultureInfo.InvariantCulture),
            'R' => date.ToString("HH:mm", CultureInfo.InvariantCulture),
            's' => new DateTimeOffset(DateTime.SpecifyKind(date, DateTimeKind.Utc))
                .ToUnixTimeSeconds()
                .ToString(culture),
            'S' => date.ToString("ss", culture),
            't' => "\t",
            'T' or 'X' => date.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            'u' => (date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek).ToString(culture),
            'U' => Week(date, DayOfWeek.Sunday),
            'v' => date.ToString("d-MMM-yyyy", CultureInfo.InvariantCulture).ToUpperInvariant().PadLeft(11),
            'V' => ISOWeek.GetWeekOfYear(date).ToString("D2", culture),
            'G' => ISOWeek.GetYear(date).ToString("D4", culture),
            'W' => Week(date, DayOfWeek.Monday),
            'w' => ((int)date.DayOfWeek).ToString(culture),
            'x' => date.ToString("d", culture),
            'y' => date.ToString("yy", culture),
            'Y' => date.ToString("yyyy", culture),
            'Z' => date.ToString("zzz", culture),
            'z' => date.ToString("zzz", culture).Replace(":", "", StringComparison.Ordinal),
            'Q' => ((date.Month - 1) / 3 + 1).ToString(culture),
            '%' => "%",
            _ => null,
        };

    /// <summary>The week of the year, where the first of January is in week 1.</summary>
    private static string Week(DateTime date, DayOfWeek first) =>
        CultureInfo
            .InvariantCulture.Calendar.GetWeekOfYear(date, CalendarWeekRule.FirstDay, first)
            .ToString("D2", CultureInfo.InvariantCulture);
}
