using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Strata.Runner.Adapters.Values;

/// <summary>The values that engines give, as text that reads the same on every machine.</summary>
public static class ValueText
{
    /// <returns>Null for SQL null.</returns>
    public static string? Of(object? value) =>
        value switch
        {
            null or DBNull => null,
            string text => text,
            bool flag => flag ? "true" : "false",
            DateTime time => time.ToString(
                Format(time.TimeOfDay, "yyyy-MM-dd HH:mm:ss"),
                CultureInfo.InvariantCulture
            ),
            DateTimeOffset time => time.UtcDateTime.ToString(
                Format(time.TimeOfDay, "yyyy-MM-dd HH:mm:ss") + "'+00'",
                CultureInfo.InvariantCulture
            ),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString(
                Format(time.ToTimeSpan(), "HH:mm:ss"),
                CultureInfo.InvariantCulture
            ),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            byte[] bytes => "\\x" + Convert.ToHexStringLower(bytes),
            IntervalValue interval => Interval(interval),
            IDictionary map => "{"
                + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Of(key)}: {Inner(map[key])}"))
                + "}",
            IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Inner)) + "]",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };

    public static bool IsNumber(object? value) =>
        value
            is sbyte
                or byte
                or short
                or ushort
                or int
                or uint
                or long
                or ulong
                or Int128
                or UInt128
                or float
                or double
                or decimal
                or BigInteger;

    private static string Inner(object? value) => Of(value) ?? "null";

    // as many digits behind the second as there are, none when there are none
    private static string Format(TimeSpan time, string format) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? format : format + ".FFFFFF";

    private static string Interval(IntervalValue interval)
    {
        var parts = new List<string>();
        if (interval.Months != 0)
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{interval.Months} month{(interval.Months == 1 ? "" : "s")}"
                )
            );
        if (interval.Days != 0)
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{interval.Days} day{(interval.Days == 1 ? "" : "s")}"
                )
            );
        if (interval.Micros != 0 || parts.Count == 0)
            parts.Add(TimeSpan.FromMicroseconds(interval.Micros).ToString("c", CultureInfo.InvariantCulture));
        return string.Join(' ', parts);
    }
}
