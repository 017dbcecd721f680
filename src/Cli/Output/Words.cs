using System.Globalization;

namespace Strata.Cli.Output;

/// <summary>Numbers and times as people read them.</summary>
public static class Words
{
    /// <summary><c>41ms</c>, <c>0.8s</c>, <c>2m05s</c>, <c>1h02m</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var culture = CultureInfo.InvariantCulture;
        if (duration < TimeSpan.FromMilliseconds(99.5))
            return string.Create(culture, $"{Math.Max(0, duration.TotalMilliseconds):0}ms");
        if (duration < TimeSpan.FromSeconds(59.95))
            return string.Create(culture, $"{duration.TotalSeconds:0.0}s");
        if (duration < TimeSpan.FromHours(1))
            return string.Create(culture, $"{duration.Minutes}m{duration.Seconds:00}s");
        return string.Create(culture, $"{(int)duration.TotalHours}h{duration.Minutes:00}m");
    }

    /// <summary><c>&lt;1m</c>, <c>5m</c>, <c>3h 0m</c>, <c>12d 4h</c>; <c>-2h 0m</c> for what is yet to come.</summary>
    public static string Age(TimeSpan age)
    {
        var culture = CultureInfo.InvariantCulture;
        var (sign, span) = age < TimeSpan.Zero ? ("-", age.Negate()) : ("", age);
        if (span < TimeSpan.FromMinutes(1))
            return "<1m";
        return sign
            + (
                span.TotalDays >= 1 ? string.Create(culture, $"{(long)span.TotalDays}d {span.Hours}h")
                : span.TotalHours >= 1 ? string.Create(culture, $"{span.Hours}h {span.Minutes}m")
                : string.Create(culture, $"{span.Minutes}m")
            );
    }

    /// <summary><c>198,734</c></summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>812 B</c>, <c>4.1 MB</c>, <c>5 GB</c></summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (amount, unit) = ((double)bytes, 0);
        for (; amount >= 999.95 && unit < units.Length - 1; unit++)
            amount /= 1000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Round(amount, unit == 0 ? 0 : 1):0.#} {units[unit]}"
        );
    }

    /// <summary><c>1 row</c>, <c>2 rows</c></summary>
    public static string Count(long number, string singular, string? plural = null) =>
        $"{Number(number)} {(number == 1 ? singular : plural ?? singular + "s")}";
}
