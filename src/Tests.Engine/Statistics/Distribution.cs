using Strata.Tests.Engine.Catalog;

namespace Strata.Tests.Engine.Statistics;

/// <summary>A distribution function with its parameters.</summary>
internal sealed class Distribution
{
    private readonly Func<double, double> _below;
    private readonly double _location;
    private readonly double _scale;

    private Distribution(Func<double, double> below, double location, double scale)
    {
        _below = below;
        _location = location;
        _scale = scale;
    }

    /// <summary>The share of values below x.</summary>
    public double Below(double x) => _below((x - _location) / _scale);

    /// <summary>
    /// Parameters by name (shape parameters, <c>loc</c>, <c>scale</c>; for norm also mean and std_dev, for uniform min
    /// and max) or as a list in SciPy's order. Null when they do not fit.
    /// </summary>
    public static Distribution? Read(string family, object? parameters)
    {
        string[]? shapes = family switch
        {
            "norm" or "uniform" or "expon" => [],
            "gamma" => ["alpha"],
            "beta" => ["alpha", "beta"],
            "chi2" => ["df"],
            _ => null,
        };
        if (shapes is null)
            return null;
        var given = parameters is IReadOnlyDictionary<string, object?> map
            ? ByName(family, shapes, map)
            : ByPlace(shapes, parameters);
        if (
            given is not { } all
            || all.Any(double.IsNaN)
            || !(all[^1] > 0)
            || all[..shapes.Length].Any(s => !(s > 0))
        )
            return null;
        return new Distribution(Function(family, all), all[^2], all[^1]);
    }

    private static double[]? ByName(string family, string[] shapes, IReadOnlyDictionary<string, object?> map)
    {
        string[] location =
        [
            "loc",
            .. family == "norm" ? ["mean"]
            : family == "uniform" ? new[] { "min" }
            : [],
        ];
        string[] scale = ["scale", .. family == "norm" ? new[] { "std_dev" } : []];
        if (
            map
                .Keys.Except([
                    .. shapes,
                    .. location,
                    .. scale,
                    .. family == "uniform" ? new[] { "max" } : [],
                ])
                .Any()
        )
            return null;
        var from = Find(location) ?? 0;
        var size = Find(["max"]) is { } max ? max - from : Find(scale) ?? 1;
        return [.. shapes.Select(s => Find([s]) ?? double.NaN), from, size];

        double? Find(string[] names) =>
            names.Where(map.ContainsKey).Select(n => CheckArguments.ToNumber(map[n])).FirstOrDefault();
    }

    private static double[]? ByPlace(string[] shapes, object? list)
    {
        var numbers = CheckArguments
            .ToList(list)
            .Select(n => CheckArguments.ToNumber(n) ?? double.NaN)
            .ToList();
        if (numbers.Count < shapes.Length || numbers.Count > shapes.Length + 2)
            return null;
        double[] defaults = [0, 1];
        return [.. numbers, .. defaults[(numbers.Count - shapes.Length)..]];
    }

    private static Func<double, double> Function(string family, double[] shapes) =>
        family switch
        {
            "norm" => SpecialFunctions.Normal,
            "uniform" => x => Math.Clamp(x, 0, 1),
            "expon" => x => x <= 0 ? 0 : 1 - Math.Exp(-x),
            "gamma" => x => SpecialFunctions.GammaP(shapes[0], x),
            "chi2" => x => SpecialFunctions.GammaP(shapes[0] / 2, x / 2),
            "beta" => x => SpecialFunctions.Beta(shapes[0], shapes[1], x),
            _ => throw new ArgumentOutOfRangeException(nameof(family)),
        };
}
