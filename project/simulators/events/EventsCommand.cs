using System.CommandLine;
using System.Globalization;

namespace Strata.Simulators.Events;

/// <summary>The command line.</summary>
internal static class EventsCommand
{
    public static RootCommand Create(Func<SimulatorOptions, int> land)
    {
        var defaults = new SimulatorOptions { Out = "" };
        var seed = new Option<long>("--seed")
        {
            Description = "Same seed, same bytes.",
            DefaultValueFactory = _ => defaults.Seed,
        };
        // no default value factory: help would print the date in the form of the machine's culture
        var start = new Option<DateOnly?>("--start")
        {
            Description = "First day of the simulated period, UTC. [default: 2026-01-01]",
            CustomParser = result =>
            {
                if (
                    DateOnly.TryParseExact(
                        result.Tokens[0].Value,
                        "yyyy-MM-dd",
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out var date
                    )
                )
                    return date;
                result.AddError($"--start wants a date such as 2026-01-01, not '{result.Tokens[0].Value}'");
                return null;
            },
        };
        var days = AtLeastOne("--days", "Length of the simulated period.", defaults.Days);
        var events = AtLeastOne(
            "--events",
            "Events in the whole period, duplicates not counted.",
            defaults.Events
        );
        var fromDay = AtLeastOne("--from-day", "First day to land, counted from 1.", defaults.FromDay);
        var toDay = new Option<int?>("--to-day")
        {
            Description = "Last day to land; may lie after the period. Default: the last of the period.",
        };
        var appendDay = new Option<bool>("--append-day")
        {
            Description = "Land one more day: the one after the last in --out.",
        };
        var output = new Option<string>("--out")
        {
            Description = "The landing zone: files go to year=/month=/day= folders below it.",
            Required = true,
        };
        var command = new RootCommand("Lands simulated shop events as JSON lines, flaws included.")
        {
            seed,
            start,
            days,
            events,
            fromDay,
            toDay,
            appendDay,
            output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(toDay) is { } to && to < result.GetValue(fromDay))
                result.AddError("--to-day lies before --from-day");
        });
        command.SetAction(parsed =>
            land(
                new SimulatorOptions
                {
                    Seed = parsed.GetValue(seed),
                    Start = parsed.GetValue(start) ?? defaults.Start,
                    Days = parsed.GetValue(days),
                    Events = parsed.GetValue(events),
                    FromDay = parsed.GetValue(fromDay),
                    ToDay = parsed.GetValue(toDay),
                    AppendDay = parsed.GetValue(appendDay),
                    Out = parsed.GetRequiredValue(output),
                }
            )
        );
        return command;
    }

    private static Option<int> AtLeastOne(string name, string description, int defaultValue)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            DefaultValueFactory = _ => defaultValue,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} must be at least 1");
        });
        return option;
    }
}
