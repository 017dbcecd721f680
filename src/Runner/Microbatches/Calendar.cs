using Strata.Compiler.Manifest.Models;

namespace Strata.Runner.Microbatches;

/// <summary>The grid of batches: hours, days, months and years of UTC.</summary>
public static class Calendar
{
    /// <summary>
    /// Times from here on mean that there is no time: people write <c>infinity</c> and <c>9999-12-31</c> for it. No batch will ever hold them.
    /// </summary>
    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The start of the period that an instant lies in.</summary>
    public static DateTimeOffset Floor(BatchSize size, DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return size switch
        {
            BatchSize.Hour => At(utc.Year, utc.Month, utc.Day, utc.Hour),
            BatchSize.Day => At(utc.Year, utc.Month, utc.Day),
            BatchSize.Month => At(utc.Year, utc.Month),
            BatchSize.Year => At(utc.Year),
            _ => throw new ArgumentOutOfRangeException(nameof(size)),
        };
    }

    /// <summary>The first boundary that is not before an instant.</summary>
    public static DateTimeOffset Ceiling(BatchSize size, DateTimeOffset instant) =>
        Floor(size, instant) is var floor && floor == instant ? floor : Add(size, floor, 1);

    public static DateTimeOffset Add(BatchSize size, DateTimeOffset boundary, int periods) =>
        size switch
        {
            BatchSize.Hour => boundary.AddHours(periods),
            BatchSize.Day => boundary.AddDays(periods),
            BatchSize.Month => boundary.AddMonths(periods),
            BatchSize.Year => boundary.AddYears(periods),
            _ => throw new ArgumentOutOfRangeException(nameof(size)),
        };

    /// <summary>The periods from one boundary to another.</summary>
    public static IEnumerable<BatchPeriod> Periods(BatchSize size, DateTimeOffset from, DateTimeOffset to)
    {
        for (var start = from; start < to; start = Add(size, start, 1))
            yield return BatchPeriod.StartingAt(size, start);
    }

    private static DateTimeOffset At(int year, int month = 1, int day = 1, int hour = 0) =>
        new(year, month, day, hour, 0, 0, TimeSpan.Zero);
}
