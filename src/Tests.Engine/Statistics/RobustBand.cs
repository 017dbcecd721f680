namespace Strata.Tests.Engine.Statistics;

/// <summary>
/// The range in which a figure is expected, given what it was before: the median and so many robust standard deviations on both sides, which
/// outliers in the past hardly move. The deviation is 1.4826 times the median absolute deviation or, where more than half
/// of the past is one value, 1.2533 times the mean absolute deviation (B. Iglewicz and D. C. Hoaglin, How to Detect and Handle
/// Outliers, 1993, whose recommendation is 3.5 deviations).
/// </summary>
internal sealed record RobustBand(double Median, double Low, double High)
{
    private const double MedianFactor = 1.4826;
    private const double MeanFactor = 1.2533;

    /// <param name="past">One value or more.</param>
    /// <param name="leastChange">As a share of the median: what never counts as unusual, however steady the past was.</param>
    public static RobustBand Of(IReadOnlyCollection<double> past, double deviations, double leastChange)
    {
        var median = MedianOf(past);
        var distances = past.Select(value => Math.Abs(value - median)).ToList();
        var deviation = MedianOf(distances) * MedianFactor;
        if (deviation == 0)
            deviation = distances.Average() * MeanFactor;
        var width = Math.Max(deviations * deviation, leastChange * Math.Abs(median));
        return new RobustBand(median, median - width, median + width);
    }

    private static double MedianOf(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
