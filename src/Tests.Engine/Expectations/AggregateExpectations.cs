using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>One figure about a column lies in a range. Without any value there is no figure, and the check fails (dbt's variant passes).</summary>
internal static class AggregateExpectations
{
    public static readonly ImmutableArray<Expectation> All =
    [
        .. Figure(
            "max",
            "The greatest value",
            ParameterType.Value,
            "{max_value: 1000}",
            c => $"max({c.Column})"
        ),
        .. Figure(
            "min",
            "The smallest value",
            ParameterType.Value,
            "{min_value: 0}",
            c => $"min({c.Column})"
        ),
        .. Figure(
            "mean",
            "The mean",
            ParameterType.Number,
            "{min_value: 10, max_value: 500}",
            c => $"avg({c.Double})"
        ),
        .. Figure(
            "median",
            "The median, interpolated,",
            ParameterType.Number,
            "{min_value: 10, max_value: 500}",
            c => Interpolated(c, "0.5"),
            joinsScan: false
        ),
        .. Figure("sum", "The sum", ParameterType.Number, "{min_value: 0}", c => $"sum({c.Number})"),
        .. Figure(
            "stdev",
            "The sample standard deviation",
            ParameterType.Number,
            "{min_value: 0, max_value: 500}",
            c => $"stddev_samp({c.Double})"
        ),
        .. Figure(
            "unique_value_count",
            "The number of different values",
            ParameterType.Number,
            "{min_value: 2}",
            c => $"count(distinct {c.Column})",
            joinsScan: false
        ),
        .. Figure(
            "proportion_of_unique_values",
            "The number of different values, as a share of all values,",
            ParameterType.Number,
            "{min_value: 0.2}",
            c =>
                $"coalesce({c.Dialect.AsDouble($"count(distinct {c.Column})")} / nullif(count({c.Column}), 0), 0)",
            // dbt divides nothing by nothing, and null passes
            c => $"{c.Dialect.AsDouble($"count(distinct {c.Column})")} / nullif(count({c.Column}), 0)",
            joinsScan: false
        ),
        new(
            "expect_column_quantile_values_to_be_between",
            ExpectationTarget.Column,
            "Each of some quantiles, taken from the values that occur, lies in its range."
        )
        {
            ExampleColumn = "amount",
            Parameters =
            [
                Required(
                    "quantile_ranges",
                    ParameterType.Map,
                    "`quantiles`: a list of shares; `value_ranges`: a list of [lower, upper], null for open"
                ),
            ],
            Example = "{quantile_ranges: {quantiles: [0.1, 0.5], value_ranges: [[0, 50], [10, null]]}}",
            Rule = CheckQuantiles,
            Build = c =>
            {
                var ranges = c.Args.Map("quantile_ranges");
                var quantiles = CheckArguments.ToList(ranges["quantiles"]);
                var passes = CheckArguments
                    .ToList(ranges["value_ranges"])
                    .Select(CheckArguments.ToList)
                    .Select(
                        (range, i) =>
                            new Bounds(Literal(c, range[0]), Literal(c, range[1]), false, false).Passes(
                                Quantile(c, quantiles[i])
                            )
                    );
                return new AggregateMeasure(
                    string.Join(" and ", passes.Select(p => $"({p})")),
                    string.Join(" || ', ' || ", quantiles.Select(q => c.Dialect.AsText(Quantile(c, q))))
                )
                {
                    JoinsScan = false,
                };
            },
        },
        new(
            "dbt_expectations.expect_column_quantile_values_to_be_between",
            ExpectationTarget.Column,
            "A quantile, interpolated, lies in a range."
        )
        {
            ExampleColumn = "amount",
            Parameters =
            [
                Required("quantile", ParameterType.Fraction, "the share of values below"),
                .. Bounds.DbtParameters,
                OrderExpectations.Groups("group_by"),
            ],
            Example = "{quantile: 0.9, max_value: 500}",
            Rule = Bounds.NeedOne,
            Build = c =>
            {
                var quantile = Interpolated(c, c.Args.Text("quantile") ?? "");
                var check = Grouped.Check(c, Bounds.OfDbt(c).Passes(quantile), quantile);
                return check is AggregateMeasure aggregate ? aggregate with { JoinsScan = false } : check;
            },
        },
    ];

    private static IEnumerable<Expectation> Figure(
        string name,
        string subject,
        ParameterType type,
        string example,
        Func<CheckContext, string> aggregate,
        Func<CheckContext, string>? dbtAggregate = null,
        bool joinsScan = true
    )
    {
        yield return new(
            $"expect_column_{name}_to_be_between",
            ExpectationTarget.Column,
            $"{subject} lies in a range."
        )
        {
            Parameters = Bounds.Parameters(type),
            ExampleColumn = "amount",
            Example = example,
            Build = c => new AggregateMeasure(
                Bounds
                    .Of(c, value => type == ParameterType.Number ? Number(c, value) : c.Literal(value))
                    .Passes(aggregate(c)),
                aggregate(c)
            )
            {
                JoinsScan = joinsScan,
            },
        };
        yield return new(
            $"dbt_expectations.expect_column_{name}_to_be_between",
            ExpectationTarget.Column,
            $"{subject} lies in a range."
        )
        {
            Parameters = [.. Bounds.DbtParameters, OrderExpectations.Groups("group_by")],
            ExampleColumn = "amount",
            Example = example,
            Rule = Bounds.NeedOne,
            Build = c =>
            {
                var figure = (dbtAggregate ?? aggregate)(c);
                var check = Grouped.Check(c, Bounds.OfDbt(c).Passes(figure), figure);
                return check is AggregateMeasure whole ? whole with { JoinsScan = joinsScan } : check;
            },
        };
    }

    private static string Number(CheckContext c, object? value) =>
        c.Dialect.Literal(value is string ? CheckArguments.ToNumber(value) : value, TypeFamily.Float);

    private static string? Literal(CheckContext c, object? value) => value is null ? null : c.Literal(value);

    // what lies between two decimals need not fit their scale, and is no decimal where it is computed in floating point
    private static string Interpolated(CheckContext c, string share)
    {
        if (c.ColumnType != TypeFamily.Decimal)
            return Percentile(c.Number);
        var type = c.Relation.FindColumn(c.ColumnName)?.Type;
        return type is not null && TypeNames.ScaleOf(type) is { } scale
            ? c.Dialect.Round(Percentile(c.Double), scale + 4)
            : Percentile(c.Double);

        string Percentile(string value) => $"percentile_cont({share}) within group (order by {value})";
    }

    private static string Quantile(CheckContext c, object? share) =>
        $"percentile_disc({c.Dialect.Literal(CheckArguments.ToNumber(share), TypeFamily.Float)}) within group (order by {c.Column})";

    private static ArgumentProblem? CheckQuantiles(CheckArguments args)
    {
        var map = args.Map("quantile_ranges");
        if (
            !map.TryGetValue("quantiles", out var quantiles)
            || !map.TryGetValue("value_ranges", out var written)
        )
            return Problem("must have the keys 'quantiles' and 'value_ranges'");
        var shares = CheckArguments.ToList(quantiles);
        var ranges = CheckArguments.ToList(written).Select(CheckArguments.ToList).ToList();
        if (shares.Any(q => CheckArguments.ToNumber(q) is not (>= 0 and <= 1)))
            return Problem("needs quantiles from 0 to 1");
        if (shares.Length != ranges.Count)
            return Problem($"has {shares.Length} quantiles, but {ranges.Count} value ranges");
        return ranges.All(r =>
            r.Length == 2 && !(CheckArguments.ToNumber(r[0]) > CheckArguments.ToNumber(r[1]))
        )
            ? null
            : Problem("needs value ranges of the form [lower, upper]");

        static ArgumentProblem Problem(string message) =>
            new("quantile_ranges", $"'quantile_ranges' {message}");
    }
}
