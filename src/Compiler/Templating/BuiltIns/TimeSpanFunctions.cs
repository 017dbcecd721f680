using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>timespan</c>.</summary>
internal static class TimeSpanFunctions
{
    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "timespan",
            [
                new(
                    "timespan.from_days",
                    "A time span of a number of days.",
                    [new("days")],
                    call => From(call, TimeSpan.TicksPerDay),
                    "{{ (timespan.from_days 2).total_hours }}",
                    "48"
                ),
                new(
                    "timespan.from_hours",
                    "A time span of a number of hours.",
                    [new("hours")],
                    call => From(call, TimeSpan.TicksPerHour),
                    "{{ (timespan.from_hours 5).hours }}",
                    "5"
                ),
                new(
                    "timespan.from_minutes",
                    "A time span of a number of minutes.",
                    [new("minutes")],
                    call => From(call, TimeSpan.TicksPerMinute),
                    "{{ (timespan.from_minutes 90).total_hours }}",
                    "1.5"
                ),
                new(
                    "timespan.from_seconds",
                    "A time span of a number of seconds.",
                    [new("seconds")],
                    call => From(call, TimeSpan.TicksPerSecond),
                    "{{ (timespan.from_seconds 5).seconds }}",
                    "5"
                ),
                new(
                    "timespan.from_milliseconds",
                    "A time span of a number of milliseconds.",
                    [new("millis")],
                    call => From(call, TimeSpan.TicksPerMillisecond),
                    "{{ (timespan.from_milliseconds 5).milliseconds }}",
                    "5"
                ),
                new(
                    "timespan.parse",
                    "The time span that a text such as `1.12:30:00` describes.",
                    [new("text")],
                    Parse,
                    "{{ (timespan.parse \"1.12:00:00\").total_days }}",
                    "1.5"
                ),
            ],
            KeyValuePair.Create("zero", (object?)TimeSpan.Zero)
        );

    private static object From(TemplateCallContext call, long ticks)
    {
        var total = call.Double(0) * ticks;
        return Math.Abs(total) < long.MaxValue
            ? TimeSpan.FromTicks((long)total)
            : throw call.Error(TemplateDiagnostics.DateOutOfRange(call.SpanOf(0)));
    }

    private static object? Parse(TemplateCallContext call)
    {
        if (call.TextOrNull(0) is not { } text)
            return null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time
            : throw call.Invalid(0, $"'{text}' is not a time span, such as 1.12:30:00");
    }
}
