using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Statistics;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>How values are distributed. The engine counts by category or bin; the statistic is computed from the counts.</summary>
internal static class DistributionExpectations
{
    private static ImmutableArray<Parameter> Expected =>
        [
            Required(
                "partition_object",
                ParameterType.Map,
                "the expected distribution: `values` or `bins`, and `weights`"
            ) with
            {
                AllowsNull = true,
            },
            Optional(
                "tail_weight_holdout",
                ParameterType.Fraction,
                "the weight that is kept for what lies outside, or for values not named",
                0.0
            ),
        ];

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_kl_divergence_to_be_less_than",
            ExpectationTarget.Column,
            "The Kullback-Leibler divergence (natural logarithm) of a column from an expected distribution is small; infinite fails."
        )
        {
            Parameters =
            [
                .. Expected,
                Optional(
                    "internal_weight_holdout",
                    ParameterType.Fraction,
                    "the weight that is shared by bins of weight 0",
                    0.0
                ),
                Required(
                    "threshold",
                    ParameterType.Number,
                    "the greatest divergence; null: only report it"
                ) with
                {
                    AllowsNull = true,
                },
            ],
            Example =
                "{partition_object: {values: [placed, shipped], weights: [0.5, 0.5]}, tail_weight_holdout: 0.1, threshold: 0.5}",
            Rule = CheckDivergence,
            Build = c =>
            {
                if (!c.Args.Has("partition_object"))
                    return new AggregateMeasure("true", "count(*)");
                var partition = Read(c);
                return Counts(c, partition, rows => Judge(c, partition, rows));
            },
        },
        new(
            "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than",
            ExpectationTarget.Column,
            "The Kolmogorov-Smirnov test does not tell a column from a distribution with given parameters."
        )
        {
            ExampleColumn = "amount",
            Parameters =
            [
                Required("distribution", ParameterType.Choice, "the family") with
                {
                    Choices = ["norm", "uniform", "expon", "gamma", "beta", "chi2"],
                },
                Optional(
                    "params",
                    ParameterType.Numbers,
                    "its parameters: by name, or in SciPy's order (shape, location, scale)"
                ),
                Required("p_value", ParameterType.Fraction, "the smallest p-value"),
            ],
            Example = "{distribution: uniform, params: {min: 0, max: 1000}, p_value: 0.01}",
            Rule = args =>
                Distribution.Read(args.Text("distribution") ?? "", args.Value("params")) is null
                    ? new ArgumentProblem(
                        "params",
                        $"'params' are not those of the distribution '{args.Text("distribution")}'"
                    )
                    : null,
            Build = KolmogorovSmirnov,
        },
        new(
            "expect_column_chisquare_test_p_value_to_be_greater_than",
            ExpectationTarget.Column,
            "Pearson's chi-squared test does not tell a column from expected shares of its values."
        )
        {
            Parameters = [.. Expected, Required("p", ParameterType.Fraction, "the smallest p-value")],
            Example =
                "{partition_object: {values: [placed, shipped], weights: [0.5, 0.5]}, tail_weight_holdout: 0.1, p: 0.01}",
            Rule = args =>
                Partition.Read(args.Map("partition_object")) is var (partition, problem)
                && partition?.Values is null
                    ? new ArgumentProblem(
                        "partition_object",
                        $"'partition_object' {problem ?? "needs 'values', not 'bins'"}"
                    )
                    : null,
            Build = c =>
            {
                var partition = Read(c);
                return Counts(
                    c,
                    partition,
                    rows =>
                    {
                        var (observed, weights) = Categories(c, partition, rows);
                        var total = observed.Sum();
                        var p = Divergence.ChiSquared([.. observed], [.. weights.Select(w => w * total)]);
                        return new ComputedOutcome(p > c.Args.Number("p"), Show(p));
                    }
                );
            },
        },
    ];

    // ten thousand order statistics at even distances: the statistic is exact up to as many rows, and 1e-4 beyond
    private static ComputedMeasure KolmogorovSmirnov(CheckContext c)
    {
        var distribution =
            Distribution.Read(c.Args.Text("distribution") ?? "", c.Args.Value("params"))
            ?? throw new InvalidOperationException(
                "a distribution that did not pass its rule is being built"
            );
        return new ComputedMeasure(
            $"select value, place, n from (select {c.Double} as value, row_number() over (order by {c.Column}) as place, count(*) over () as n "
                + $"from {c.Source} where {c.Column} is not null) as ordered "
                + "where place = 1 or place = n or n <= 10000 or place % (n / 10000) = 0 order by place",
            rows =>
            {
                if (rows.Count == 0)
                    return new ComputedOutcome(false, null);
                var n = Convert.ToInt64(rows[0][2], CultureInfo.InvariantCulture);
                var statistic = rows.Max(row =>
                {
                    var expected = distribution.Below(Convert.ToDouble(row[0], CultureInfo.InvariantCulture));
                    var place = Convert.ToDouble(row[1], CultureInfo.InvariantCulture);
                    return Math.Max(place / n - expected, expected - (place - 1) / n);
                });
                var p = Divergence.KolmogorovSmirnov(statistic, n);
                return new ComputedOutcome(p >= c.Args.Number("p_value"), Show(p));
            }
        );
    }

    private static Partition Read(CheckContext c) =>
        Partition.Read(c.Args.Map("partition_object")).Partition
        ?? throw new InvalidOperationException("a partition that did not pass its rule is being built");

    private static ArgumentProblem? CheckDivergence(CheckArguments args)
    {
        if (!args.Has("partition_object") && !args.Has("threshold"))
            return null;
        var (partition, problem) = Partition.Read(args.Map("partition_object"));
        if (partition is null)
            return new ArgumentProblem("partition_object", $"'partition_object' {problem}");
        var holdsTails = args.Number("tail_weight_holdout") > 0;
        if (
            partition.TailWeights is not null
            && (holdsTails || partition.IsOpenBelow || partition.IsOpenAbove)
        )
            return new ArgumentProblem(
                "partition_object",
                "'tail_weights' go neither with 'tail_weight_holdout' nor with infinite bins"
            );
        if (partition.IsOpenBelow && partition.IsOpenAbove && holdsTails)
            return new ArgumentProblem(
                "tail_weight_holdout",
                "'tail_weight_holdout' does not go with infinite bins: nothing lies outside"
            );
        return partition.Values is not null && args.Number("internal_weight_holdout") > 0
            ? new ArgumentProblem(
                "internal_weight_holdout",
                "'internal_weight_holdout' is about bins, not about values"
            )
            : null;
    }

    // categories come as rows of (value, count); bins as one row: below, each bin, above, total
    private static ComputedMeasure Counts(
        CheckContext c,
        Partition partition,
        Func<IReadOnlyList<object?[]>, ComputedOutcome> judge
    )
    {
        if (partition.Bins is not { } bins)
            return new ComputedMeasure(
                $"select {c.Dialect.AsText(c.Column)}, count(*) from {c.Source} where {c.Column} is not null group by {c.Column}",
                judge
            );
        var value = c.Double;
        var edges = bins.Select(b => c.Dialect.Literal(b, TypeFamily.Float)).ToList();
        var filters = new List<string> { $"{value} < {edges[0]}" };
        for (var i = 0; i + 1 < edges.Count; i++)
            filters.Add(
                $"{value} >= {edges[i]} and {value} {(i + 2 == edges.Count ? "<=" : "<")} {edges[i + 1]}"
            );
        filters.Add($"{value} > {edges[^1]}");
        var counts = filters.Select(f => $"count(*) filter (where {f})");
        return new ComputedMeasure(
            $"select {string.Join(", ", counts)}, count({c.Column}) from {c.Source}",
            judge
        );
    }

    private static ComputedOutcome Judge(CheckContext c, Partition partition, IReadOnlyList<object?[]> rows)
    {
        var (observed, expected) = partition.Bins is null
            ? Categories(c, partition, rows)
            : Bins(c, partition, rows[0]);
        var divergence = Divergence.KullbackLeibler(observed, expected);
        var passes = c.Args.Number("threshold") is not { } threshold || divergence <= threshold;
        return new ComputedOutcome(passes, double.IsFinite(divergence) ? Show(divergence) : null);
    }

    // values that were not expected share what is held out for them
    private static (List<double> Observed, List<double> Expected) Categories(
        CheckContext c,
        Partition partition,
        IReadOnlyList<object?[]> rows
    )
    {
        var counts = rows.ToDictionary(
            row => Category(row[0]),
            row => Convert.ToDouble(row[1], CultureInfo.InvariantCulture),
            StringComparer.Ordinal
        );
        var observed = new List<double>();
        foreach (var value in partition.Values ?? [])
            observed.Add(counts.Remove(Category(value), out var count) ? count : 0);
        var holdout = counts.Count > 0 ? c.Args.Number("tail_weight_holdout") ?? 0 : 0;
        var expected = partition.Weights.Select(w => w * (1 - holdout)).ToList();
        foreach (var count in counts.Values)
        {
            observed.Add(count);
            expected.Add(holdout / counts.Count);
        }
        return (observed, expected);
    }

    private static (List<double> Observed, List<double> Expected) Bins(
        CheckContext c,
        Partition partition,
        object?[] row
    )
    {
        var counts = row[..^1]
            .Select(count => Convert.ToDouble(count, CultureInfo.InvariantCulture))
            .ToList();
        var empty = partition.Weights.Count(w => w == 0);
        var inside = empty > 0 ? c.Args.Number("internal_weight_holdout") ?? 0 : 0;
        var weights = partition.Weights.Select(w => w == 0 ? inside / empty : w * (1 - inside));
        if (partition.TailWeights is { } own)
            return (counts, [own[0], .. weights, own[1]]);
        // nothing can lie outside an infinite bin, so that the other side has the whole holdout
        var holdout = c.Args.Number("tail_weight_holdout") ?? 0;
        var below =
            partition.IsOpenBelow ? 0
            : partition.IsOpenAbove ? holdout
            : holdout / 2;
        return (counts, [below, .. weights.Select(w => w * (1 - holdout)), holdout - below]);
    }

    private static string Category(object? value) =>
        value is bool flag
            ? (flag ? "true" : "false")
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
