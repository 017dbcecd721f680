using System.Text;

namespace Strata.Simulators.Events;

/// <summary>Lands the chosen days, one after the other, in memory that does not depend on how many there are.</summary>
public sealed class Simulation(SimulatorOptions options)
{
    private const int FilesPerDay = 4;
    private const int HoursPerFile = 24 / FilesPerDay;
    private const int LongestRepeatDistance = 400;

    private readonly EventGenerator _generator = new(options);
    private readonly LandingZone _zone = new(options.Out);

    /// <summary>The days that will be landed, counted from 1.</summary>
    public (int First, int Last) ChooseDays()
    {
        if (!options.AppendDay)
            return (options.FromDay, options.ToDay ?? Math.Max(options.FromDay, options.Days));
        var next = _zone.LastLandedDate() is { } last ? last.DayNumber - options.Start.DayNumber + 2 : 1;
        return (Math.Max(next, 1), Math.Max(next, 1));
    }

    public LandingReport Run(CancellationToken cancellation)
    {
        var report = new LandingReport();
        var (first, last) = ChooseDays();
        for (var day = first; day <= last; day++)
        {
            cancellation.ThrowIfCancellationRequested();
            report = report.Plus(LandDay(day));
        }
        return report;
    }

    private LandingReport LandDay(int day)
    {
        var report = new LandingReport();
        var date = _generator.DateOf(day);
        var events = _generator.EventsOn(day);
        var yesterday = day > 1 ? _generator.EventsOn(day - 1) : 0;
        var index = 0;
        for (var hour = 0; hour < 24; hour += HoursPerFile)
        {
            var end = date.ToDateTime(TimeOnly.MinValue).AddHours(hour + HoursPerFile);
            var isNew = _zone.Land(
                date,
                hour,
                writer =>
                {
                    var line = new StringBuilder(256);
                    for (; index < events; index++)
                    {
                        var landed = _generator.Create(day, index, events);
                        if (landed.Arrival >= end)
                            break;
                        Write(writer, line, landed);
                        report = report.Plus(CountEvent(landed));
                        foreach (var repeated in RepeatsAfter(day, index, events, yesterday, landed.Arrival))
                        {
                            Write(writer, line, repeated);
                            report = report.Plus(new LandingReport { Lines = 1, Duplicates = 1 });
                        }
                    }
                }
            );
            report = report.Plus(new LandingReport { Files = isNew ? 1 : 0, UnchangedFiles = isNew ? 0 : 1 });
        }
        return report;
    }

    /// <summary>Events that clients send again at this point, because they never saw the first attempt answered.</summary>
    private IEnumerable<SimulatedEvent> RepeatsAfter(
        int day,
        int index,
        int events,
        int yesterday,
        DateTime arrival
    )
    {
        var random = new SeededRandom(options.Seed, -day, index);
        if (random.NextChance(FlawRates.SameDayDuplicate))
        {
            var earlier = Math.Max(0, index - random.NextBelow(LongestRepeatDistance));
            if (_generator.Create(day, earlier, events) is { Flaw: Flaw.None } repeated)
                yield return repeated with
                {
                    Arrival = arrival,
                };
        }
        if (yesterday > 0 && random.NextChance(FlawRates.NextDayDuplicate))
        {
            var earlier = random.NextBelow(yesterday);
            if (_generator.Create(day - 1, earlier, yesterday) is { Flaw: Flaw.None } repeated)
                yield return random.NextChance(FlawRates.Restamped)
                    ? repeated with
                    {
                        Arrival = arrival,
                        Happened = arrival,
                    }
                    : repeated with
                    {
                        Arrival = arrival,
                    };
        }
    }

    private static void Write(TextWriter writer, StringBuilder line, in SimulatedEvent landed)
    {
        line.Clear();
        EventLine.Write(line, landed);
        writer.Write(line);
    }

    private static LandingReport CountEvent(in SimulatedEvent landed) =>
        new()
        {
            Lines = 1,
            Events = 1,
            Late = landed is { Flaw: Flaw.None, IsLate: true } ? 1 : 0,
            Malformed = landed.Flaw is Flaw.Truncated or Flaw.Garbage ? 1 : 0,
            Bad = landed.Flaw is Flaw.UnknownType or Flaw.MissingUser or Flaw.BadTimestamp ? 1 : 0,
        };
}
