namespace Strata.Tests.Engine.Statistics;

/// <summary>How far two samples are apart that were counted in the same bins, and how likely as much is by chance.</summary>
internal static class Drift
{
    // a share of nothing has no logarithm; a bin that is empty on one side counts as a ten-thousandth
    private const double LeastShare = 1e-4;

    /// <summary>
    /// The population stability index: the sum over bins of (p - q) ln(p / q) for the shares p and q of the two samples, as N. Siddiqi
    /// gives it (Credit Risk Scorecards, 2006); it is Jeffreys' divergence of 1946. By chance alone, n m / (n + m) times it is
    /// distributed as chi-squared with one degree of freedom less than there are bins (Yurdakul and Naranjo, Statistical properties of
    /// the population stability index, 2020), which gives the p-value.
    /// </summary>
    public static (double Statistic, double P) StabilityIndex(
        IReadOnlyList<long> baseline,
        IReadOnlyList<long> current
    )
    {
        double n = baseline.Sum(),
            m = current.Sum(),
            index = 0;
        var bins = 0;
        for (var i = 0; i < baseline.Count; i++)
        {
            if (baseline[i] == 0 && current[i] == 0)
                continue;
            bins++;
            var p = Math.Max(current[i] / m, LeastShare);
            var q = Math.Max(baseline[i] / n, LeastShare);
            index += (p - q) * Math.Log(p / q);
        }
        return (index, bins < 2 ? 1 : SpecialFunctions.GammaQ((bins - 1) / 2.0, index * n * m / (n + m) / 2));
    }

    /// <summary>
    /// The two-sample Kolmogorov-Smirnov statistic (N. V. Smirnov, Table for estimating the goodness of fit, 1948) over bins in order: the
    /// greatest distance of the two distribution functions at the edges. With bins it is never greater than between the
    /// values themselves, so that the p-value errs on the side of no drift.
    /// </summary>
    public static (double Statistic, double P) KolmogorovSmirnov(
        IReadOnlyList<long> baseline,
        IReadOnlyList<long> current
    )
    {
        double n = baseline.Sum(),
            m = current.Sum();
        if (n == 0 || m == 0)
            return n == m ? (0, 1) : (1, 0);
        double below = 0,
            belowNow = 0,
            greatest = 0;
        for (var i = 0; i < baseline.Count; i++)
        {
            below += baseline[i] / n;
            belowNow += current[i] / m;
            greatest = Math.Max(greatest, Math.Abs(below - belowNow));
        }
        return (greatest, Divergence.KolmogorovSmirnov(greatest, Math.Max(1, (long)(n * m / (n + m)))));
    }

    /// <summary>
    /// Pearson's chi-squared test of homogeneity of the two samples (Philosophical Magazine 50, 1900). The statistic is Cohen's effect size
    /// w, the root of chi-squared over the number of rows (Statistical Power Analysis for the Behavioral Sciences, 1988: 0.1 is small, 0.3
    /// medium, 0.5 large), which does not grow with the tables as chi-squared itself does.
    /// </summary>
    public static (double Statistic, double P) ChiSquared(
        IReadOnlyList<long> baseline,
        IReadOnlyList<long> current
    )
    {
        double n = baseline.Sum(),
            m = current.Sum(),
            chi = 0;
        var bins = 0;
        for (var i = 0; i < baseline.Count; i++)
        {
            double both = baseline[i] + current[i];
            if (both == 0)
                continue;
            bins++;
            var (expected, expectedNow) = (both * n / (n + m), both * m / (n + m));
            chi += Math.Pow(baseline[i] - expected, 2) / expected;
            chi += Math.Pow(current[i] - expectedNow, 2) / expectedNow;
        }
        return (Math.Sqrt(chi / (n + m)), bins < 2 ? 1 : SpecialFunctions.GammaQ((bins - 1) / 2.0, chi / 2));
    }
}
