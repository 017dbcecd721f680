using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Statistics;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Whether a distribution has drifted from its baseline, and the words for it: statistic, threshold, what moved most.</summary>
internal static class DriftJudgement
{
    private const int Shown = 3;

    public static ComputedOutcome Judge(
        CheckContext c,
        DriftStatistic statistic,
        StoredDistribution stored,
        ImmutableArray<CountedBin> bins
    )
    {
        var hasRows = bins.Any(bin => bin.Now > 0);
        if (statistic == DriftStatistic.KolmogorovSmirnov)
            bins = [.. bins.Where(bin => !bin.IsNull)];
        long before = bins.Sum(bin => bin.Before),
            now = bins.Sum(bin => bin.Now);
        var against = $"the baseline of {Rows(stored.Rows)}{TakenAt(c)}";
        // whether there should be rows is the business of other tests
        if (!hasRows)
            return new ComputedOutcome(true, null)
            {
                Note = $"no rows to compare with {against}",
                IsRemark = true,
            };
        // no values on either side is no change; on one side there is nothing to compare, which is a change
        if (before == 0 && now == 0)
            return new ComputedOutcome(true, null) { Note = $"no values, as in {against}" };
        if (now == 0 || before == 0)
            return new ComputedOutcome(false, null)
            {
                Note = now == 0 ? $"no values to compare with {against}" : $"values, but none in {against}",
            };
        long[] counts = [.. bins.Select(bin => bin.Before)],
            countsNow = [.. bins.Select(bin => bin.Now)];
        var (name, (value, p)) = statistic switch
        {
            DriftStatistic.StabilityIndex => ("psi", Drift.StabilityIndex(counts, countsNow)),
            DriftStatistic.KolmogorovSmirnov => ("ks", Drift.KolmogorovSmirnov(counts, countsNow)),
            _ => ("w", Drift.ChiSquared(counts, countsNow)),
        };
        var threshold = c.Args.Number("threshold") ?? 0;
        var isLarge = value > threshold;
        var isChance = c.Args.Number("p_value") is { } level and < 1 && p >= level;
        var passes = !isLarge || isChance;
        var head =
            $"{name} {(isLarge ? "over" : "up to")} {Show(threshold)} against {against}"
            + (isLarge && isChance ? $", but by chance as often as p = {Show(p)}" : "");
        var moved = bins.Select(bin =>
                (Bin: bin, Before: (double)bin.Before / before, Now: (double)bin.Now / now)
            )
            .Where(bin => bin.Before != bin.Now)
            .OrderByDescending(bin => Math.Abs(bin.Now - bin.Before))
            .Take(Shown)
            .Select(bin => $"{bin.Bin.Label} {Percent(bin.Before)} -> {Percent(bin.Now)}");
        return new ComputedOutcome(passes, Show(value))
        {
            Note = passes ? head : $"{head}; moved most: {string.Join(", ", moved)}",
            MaskedNote = head,
        };
    }

    public static string DescribeTaken(StoredDistribution taken) =>
        $"baseline taken: {Rows(taken.Rows)}, "
        + (
            taken.Edges is { } edges
                ? $"{edges.Length} {(edges.Length == 1 ? "bin" : "bins")}"
                : $"{taken.Values?.Length ?? 0} {(taken.Values?.Length == 1 ? "value" : "values")}"
        );

    /// <summary>When the baseline was taken, to stand behind it.</summary>
    public static string TakenAt(CheckContext c) =>
        c.Memory.Baseline is { } baseline
            ? $" of {baseline.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}"
            : "";

    private static string Rows(long rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")}");

    private static string Percent(double share) =>
        share is > 0 and < 0.0001
            ? "<0.01%"
            : Math.Round(100 * share, 2).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Show(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
