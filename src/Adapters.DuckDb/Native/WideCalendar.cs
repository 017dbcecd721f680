using System.Globalization;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Dates outside of the years 1 to 9999, which the CLR's calendar does not reach, as DuckDB writes them.</summary>
internal static class WideCalendar
{
    private const long MicrosPerDay = 86_400_000_000;

    public static string Date(long days)
    {
        var (year, month, day) = FromDays(days);
        var suffix = year <= 0 ? " (BC)" : "";
        var shown = year <= 0 ? 1 - year : year;
        return string.Create(CultureInfo.InvariantCulture, $"{shown:0000}-{month:00}-{day:00}{suffix}");
    }

    public static string Timestamp(long micros)
    {
        var days = Math.DivRem(micros, MicrosPerDay, out var rest);
        if (rest < 0)
            (days, rest) = (days - 1, rest + MicrosPerDay);
        var (year, month, day) = FromDays(days);
        var suffix = year <= 0 ? " (BC)" : "";
        var shown = year <= 0 ? 1 - year : year;
        var time = TimeSpan.FromMicroseconds(rest);
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{shown:0000}-{month:00}-{day:00}{suffix} {time:hh\\:mm\\:ss\\.FFFFFF}"
            )
            .TrimEnd('.');
    }

    // the proleptic Gregorian calendar in eras of 400 years that start on 1 March
    private static (long Year, int Month, int Day) FromDays(long daysSince1970)
    {
        var shifted = daysSince1970 + 719_468;
        var era = Math.DivRem(shifted, 146_097, out var dayOfEra);
        if (dayOfEra < 0)
            (era, dayOfEra) = (era - 1, dayOfEra + 146_097);
        var yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var monthFromMarch = (5 * dayOfYear + 2) / 153;
        var day = (int)(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        var month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
    }
}
