using Strata.Tests.Engine.Catalog;

namespace Strata.Tests.Engine.Statistics;

/// <summary>
/// An expected distribution as Great Expectations writes it: <c>values</c> with <c>weights</c>, or <c>bins</c>
/// (one edge more than there are weights) with <c>weights</c> and perhaps <c>tail_weights</c>.
/// </summary>
internal sealed record Partition(object?[]? Values, double[]? Bins, double[] Weights, double[]? TailWeights)
{
    /// <summary>Reads and checks the mapping.</summary>
    public static (Partition? Partition, string? Problem) Read(IReadOnlyDictionary<string, object?> map)
    {
        var values = map.TryGetValue("values", out var v) ? CheckArguments.ToList(v).ToArray() : null;
        var bins = Numbers("bins");
        var weights = Numbers("weights");
        var tails = Numbers("tail_weights");
        if (weights is null || (values is null) == (bins is null))
            return (null, "needs 'weights' and either 'values' or 'bins'");
        if ((bins?.Length - 1 ?? values?.Length) != weights.Length)
            return (null, "needs a weight for each value, or for each pair of bin edges");
        if (
            weights.Concat(tails ?? []).Any(w => !(w >= 0))
            || Math.Abs(weights.Sum() + (tails?.Sum() ?? 0) - 1) > 1e-5
        )
            return (null, "needs weights that add up to 1");
        if (bins is not null && bins.Zip(bins.Skip(1)).Any(edge => !(edge.First < edge.Second)))
            return (null, "needs bins in ascending order");
        if (tails is not null && (bins is null || tails.Length != 2))
            return (null, "has two 'tail_weights' beside 'bins', or none");
        return (new Partition(values, bins, weights, tails), null);

        double[]? Numbers(string key) =>
            map.TryGetValue(key, out var list)
                ? [.. CheckArguments.ToList(list).Select(n => CheckArguments.ToNumber(n) ?? double.NaN)]
                : null;
    }

    public bool IsOpenBelow => Bins is { } bins && double.IsInfinity(bins[0]);

    public bool IsOpenAbove => Bins is { } bins && double.IsInfinity(bins[^1]);
}
