namespace Strata.Simulators.Events;

/// <summary>How many events each day has: weekends are calmer, the business grows, and the period adds up exactly.</summary>
internal sealed class DailyVolume(SimulatorOptions options)
{
    private const double WeekendFactor = 0.75;
    private const double GrowthPerDay = 0.004;

    private readonly double _weightOfPeriod = WeightBefore(options, options.Days + 1);

    /// <param name="day">From 1; may lie after the period.</param>
    public int EventsOn(int day) => (int)(EventsBefore(day + 1) - EventsBefore(day));

    private long EventsBefore(int day) =>
        day == options.Days + 1
            ? options.Events
            : (long)(options.Events * (WeightBefore(options, day) / _weightOfPeriod));

    private static double WeightBefore(SimulatorOptions options, int day)
    {
        var weight = 0.0;
        for (var earlier = 1; earlier < day; earlier++)
        {
            var weekday = options.Start.AddDays(earlier - 1).DayOfWeek;
            var rhythm = weekday is DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendFactor : 1.0;
            weight += rhythm * (1 + GrowthPerDay * (earlier - 1));
        }
        return weight;
    }
}
