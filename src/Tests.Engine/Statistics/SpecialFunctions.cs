namespace Strata.Tests.Engine.Statistics;

/// <summary>
/// The incomplete gamma and beta functions, by series and continued fractions (Abramowitz and Stegun 6.5 and 26.5;
/// evaluated with Lentz's method), and the logarithm of gamma by Lanczos' approximation. Good to about 1e-12.
/// </summary>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;
    private const double Accuracy = 1e-15;
    private const int MostSteps = 10_000;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7,
    ];

    public static double LogGamma(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    /// <summary>The regularized lower incomplete gamma function P(a, x).</summary>
    public static double GammaP(double a, double x) =>
        x <= 0 ? 0
        : x < a + 1 ? GammaSeries(a, x)
        : 1 - GammaFraction(a, x);

    /// <summary>The regularized upper incomplete gamma function Q(a, x), exact also where it is very small.</summary>
    public static double GammaQ(double a, double x) =>
        x <= 0 ? 1
        : x < a + 1 ? 1 - GammaSeries(a, x)
        : GammaFraction(a, x);

    /// <summary>The regularized incomplete beta function I_x(a, b).</summary>
    public static double Beta(double a, double b, double x)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        var front = Math.Exp(
            LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x)
        );
        return x < (a + 1) / (a + b + 2)
            ? front * BetaFraction(a, b, x) / a
            : 1 - front * BetaFraction(b, a, 1 - x) / b;
    }

    /// <summary>The standard normal distribution function.</summary>
    public static double Normal(double z)
    {
        var tail = 0.5 * GammaQ(0.5, z * z / 2);
        return z < 0 ? tail : 1 - tail;
    }

    private static double GammaSeries(double a, double x)
    {
        double term = 1 / a,
            sum = term;
        for (var n = 1; n < MostSteps && Math.Abs(term) > Math.Abs(sum) * Accuracy; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum * Math.Exp(a * Math.Log(x) - x - LogGamma(a));
    }

    private static double GammaFraction(double a, double x)
    {
        var b = x + 1 - a;
        double c = 1 / Tiny,
            d = 1 / b,
            h = d;
        for (var i = 1; i < MostSteps; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = 1 / NotZero(an * d + b);
            c = NotZero(b + an / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < Accuracy)
                break;
        }
        return h * Math.Exp(a * Math.Log(x) - x - LogGamma(a));
    }

    private static double BetaFraction(double a, double b, double x)
    {
        double c = 1,
            d = 1 / NotZero(1 - (a + b) * x / (a + 1)),
            h = d;
        for (var m = 1; m < MostSteps; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < Accuracy)
                break;
        }
        return h;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
