using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>The members of dates and time spans.</summary>
internal static class TimeMembers
{
    private static readonly string[] s_date =
    [
        "year",
        "month",
        "day",
        "day_of_week",
        "day_of_year",
        "hour",
        "minute",
        "second",
        "millisecond",
        "ticks",
        "date",
        "time_of_day",
    ];

    private static readonly string[] s_time =
    [
        "days",
        "hours",
        "minutes",
        "seconds",
        "milliseconds",
        "ticks",
        "total_days",
        "total_hours",
        "total_minutes",
        "total_seconds",
        "total_milliseconds",
    ];

    public static IEnumerable<string> NamesOf(object target) => target is DateTime ? s_date : s_time;

    public static object? Get(object target, string name) =>
        target switch
        {
            DateTime date => Get(date, name),
            TimeSpan time => Get(time, name),
            _ => null,
        };

    private static object? Get(DateTime date, string name) =>
        name switch
        {
            "year" => Boxes.Of(date.Year),
            "month" => Boxes.Of(date.Month),
            "day" => Boxes.Of(date.Day),
            "day_of_week" => date.DayOfWeek.ToString(),
            "day_of_year" => Boxes.Of(date.DayOfYear),
            "hour" => Boxes.Of(date.Hour),
            "minute" => Boxes.Of(date.Minute),
            "second" => Boxes.Of(date.Second),
            "millisecond" => Boxes.Of(date.Millisecond),
            "ticks" => date.Ticks,
            "date" => date.Date,
            "time_of_day" => date.TimeOfDay,
            _ => null,
        };

    private static object? Get(TimeSpan time, string name) =>
        name switch
        {
            "days" => Boxes.Of(time.Days),
            "hours" => Boxes.Of(time.Hours),
            "minutes" => Boxes.Of(time.Minutes),
            "seconds" => Boxes.Of(time.Seconds),
            "milliseconds" => Boxes.Of(time.Milliseconds),
            "ticks" => time.Ticks,
            "total_days" => time.TotalDays,
            "total_hours" => time.TotalHours,
            "total_minutes" => time.TotalMinutes,
            "total_seconds" => time.TotalSeconds,
            "total_milliseconds" => time.TotalMilliseconds,
            _ => null,
        };
}
