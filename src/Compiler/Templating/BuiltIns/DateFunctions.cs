using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>date</c>. Dates are instants in UTC, as everything is in a run; null is passed through.</summary>
internal static class DateFunctions
{
    private static readonly TemplateParameter s_date = new("date");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "date",
            [
                new(
                    "date.now",
                    "The current instant. In a project it is `run_started_at`, the same in the whole run, and is not part of fingerprints either.",
                    [],
                    Now,
                    "{{ date.now.year > 2000 }}",
                    "true"
                ),
                new(
                    "date.utc_now",
                    "The current instant.",
                    [],
                    Now,
                    "{{ date.utc_now.year > 2000 }}",
                    "true"
                ),
                new(
                    "date.add_days",
                    "The date, a number of days later.",
                    [s_date, new("days")],
                    call => Add(call, (date, days) => date.AddDays(days)),
                    "{{ date.parse \"2024-02-28\" | date.add_days 2 }}",
                    "2024-03-01"
                ),
                new(
                    "date.add_months",
                    "The date, a number of months later.",
                    [s_date, new("months")],
                    call => OnDate(call, date => date.AddMonths(call.Int(1))),
                    "{{ date.parse \"2024-01-31\" | date.add_months 1 }}",
                    "2024-02-29"
                ),
                new(
                    "date.add_years",
                    "The date, a number of years later.",
                    [s_date, new("years")],
                    call => OnDate(call, date => date.AddYears(call.Int(1))),
                    "{{ date.parse \"2024-02-29\" | date.add_years 1 }}",
                    "2025-02-28"
                ),
                new(
                    "date.add_hours",
                    "The date, a number of hours later.",
                    [s_date, new("hours")],
                    call => Add(call, (date, hours) => date.AddHours(hours)),
                    "{{ (date.parse \"2024-01-01\" | date.add_hours 5).hour }}",
                    "5"
                ),
                new(
                    "date.add_minutes",
                    "The date, a number of minutes later.",
                    [s_date, new("minutes")],
                    call => Add(call, (date, minutes) => date.AddMinutes(minutes)),
                    "{{ (date.parse \"2024-01-01\" | date.add_minutes 5).minute }}",
                    "5"
                ),
                new(
                    "date.add_seconds",
                    "The date, a number of seconds later.",
                    [s_date, new("seconds")],
                    call => Add(call, (date, seconds) => date.AddSeconds(seconds)),
                    "{{ (date.parse \"2024-01-01\" | date.add_seconds 5).second }}",
                    "5"
                ),
                new(
                    "date.add_milliseconds",
                    "The date, a number of milliseconds later.",
                    [s_date, new("millis")],
                    call => Add(call, (date, millis) => date.AddMilliseconds(millis)),
                    "{{ (date.parse \"2024-01-01\" | date.add_milliseconds 5).millisecond }}",
                    "5"
                ),
                new(
                    "date.parse",
                    "The date that a text describes, in a pattern such as `%d.%m.%Y` or in any common form.",
                    [
                        new("text"),
                        TemplateParameter.Optional("pattern"),
                        TemplateParameter.Optional("culture"),
                    ],
                    call => Parse(call, 0, 1, 2),
                    "{{ date.parse \"05.03.2024\" \"%d.%m.%Y\" | date.to_string \"%F\" }}",
                    "2024-03-05"
                ),
                new(
                    "date.parse_to_string",
                    "The date that a text describes, in another form.",
                    [
                        new("text"),
                        TemplateParameter.Optional("output_pattern"),
                        TemplateParameter.Optional("output_culture"),
                        TemplateParameter.Optional("input_pattern"),
                        TemplateParameter.Optional("input_culture"),
                    ],
                    call => Parse(call, 0, 3, 4) is { } date ? Format(call, date, 1, 2) : null,
                    "{{ date.parse_to_string \"2024/03/05\" \"%Y-%m-%d\" }}",
                    "2024-03-05"
                ),
                new(
                    "date.to_string",
                    "The date in a pattern of strftime; by default `date.format`, which a template may set. For SQL, use `sql_date`.",
                    [
                        new("datetime"),
                        TemplateParameter.Optional("pattern"),
                        TemplateParameter.Optional("culture"),
                    ],
                    call => Date(call, 0) is { } date ? Format(call, date, 1, 2) : null,
                    "{{ date.parse \"2024-03-05 06:07:08\" | date.to_string \"%Y-%m-%d %H:%M\" }}",
                    "2024-03-05 06:07"
                ),
            ],
            KeyValuePair.Create("format", (object?)DateFormat.Default),
            KeyValuePair.Create("default_format", (object?)DateFormat.Default)
        );

    private static object Now(TemplateCallContext call)
    {
        call.MarkUnrepeatable();
        return call.TimeProvider.GetUtcNow().UtcDateTime;
    }

    private static DateTime? Date(TemplateCallContext call, int index) =>
        call[index] switch
        {
            null => null,
            DateTime date => date,
            string text when DateFormat.TryParse(text, CultureInfo.InvariantCulture, out var date) => date,
            var value => throw call.Invalid(
                index,
                $"expected a date, not a value of type {ValueText.TypeName(value)}"
            ),
        };

    private static object? Add(TemplateCallContext call, Func<DateTime, double, DateTime> add) =>
        OnDate(call, date => add(date, call.Double(1)));

    private static object? OnDate(TemplateCallContext call, Func<DateTime, DateTime> function)
    {
        if (Date(call, 0) is not { } date)
            return null;
        try
        {
            return function(date);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw call.Error(TemplateDiagnostics.DateOutOfRange(call.SpanOf(1)));
        }
    }

    private static DateTime? Parse(TemplateCallContext call, int text, int pattern, int culture)
    {
        if (call[text] is DateTime already)
            return already;
        if (call.TextOrNull(text) is not { } value)
            return null;
        var cultureInfo = Formatting.Culture(call, culture);
        var isParsed = call.TextOrNull(pattern) is { } format
            ? DatePattern.TryParse(value, format, cultureInfo, out var date)
            : DateFormat.TryParse(value, cultureInfo, out date);
        if (isParsed)
            return date;
        // the reference takes the first of all days for what it cannot read
        return call.Context.Options.IsLenient
            ? DateTime.MinValue
            : throw call.Invalid(
                text,
                $"'{value}' is not a date{(call[pattern] is null ? "" : " of this pattern")}"
            );
    }

    private static string Format(TemplateCallContext call, DateTime date, int pattern, int culture)
    {
        var format = call.TextOrNull(pattern) ?? DateFormat.CurrentFormat(call.Context);
        return call.Checked(DateFormat.Format(date, format, Formatting.Culture(call, culture)));
    }
}
