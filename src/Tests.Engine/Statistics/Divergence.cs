namespace Strata.Tests.Engine.Statistics;

/// <summary>Distances between distributions and how likely they are by chance.</summary>
internal static class Divergence
{
    /// <summary>
    /// The Kullback-Leibler divergence in nats of observed from expected, both scaled to 1; infinite where something
    /// occurs that is not expected at all, NaN without observations.
    /// </summary>
    public static double KullbackLeibler(IReadOnlyList<double> observed, IReadOnlyList<double> expected)
    {
        double observedSum = observed.Sum(),
            expectedSum = expected.Sum(),
            sum = 0;
        for (var i = 0; i < observed.Count; i++)
        {
            var (p, q) = (observed[i] / observedSum, expected[i] / expectedSum);
            if (p > 0)
                sum += q > 0 ? p * Math.Log(p / q) : double.PositiveInfinity;
        }
        return observedSum > 0 ? sum : double.NaN;
    }

    /// <summary>The p-value of Pearson's chi-squared test of counts against expected counts.</summary>
    public static double ChiSquared(IReadOnlyList<double> observed, IReadOnlyList<double> expected)
    {
        var statistic = observed.Zip(expected, (o, e) => (o - e) * (o - e) / e).Sum();
        return SpecialFunctions.GammaQ((observed.Count - 1) / 2.0, statistic / 2);
    }

    /// <summary>
    /// The p-value of the Kolmogorov-Smirnov statistic of a sample of n, two-sided: the limit distribution with
    /// Stephens' correction for finite n (Journal of the Royal Statistical Society B 32, 1970).
    /// </summary>
    public static double KolmogorovSmirnov(double statistic, long n)
    {
        var root = Math.Sqrt(n);
        var lambda = (root + 0.12 + 0.11 / root) * statistic;
        if (lambda < 0.2)
            return 1;
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-16)
                break;
        }
        return Math.Clamp(2 * sum, 0, 1);
    }
}
