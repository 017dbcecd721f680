using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Values, or sums of periods, against the mean and the standard deviation of the others.</summary>
internal static class SpreadExpectations
{
    private static readonly Parameter Sigma = Optional(
        "sigma_threshold",
        ParameterType.Number,
        "how many standard deviations",
        3L
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "dbt_expectations.expect_column_values_to_be_within_n_stdevs",
            ExpectationTarget.Column,
            "No value, or no sum of a group, is further from the mean than a number of standard deviations."
        )
        {
            ExampleColumn = "amount",
            Aliases = ["expect_column_values_to_be_within_n_stdevs"],
            Parameters = [OrderExpectations.Groups("group_by"), Sigma],
            Example = "{sigma_threshold: 3}",
            Build = c =>
            {
                var groups = c.Expressions("group_by");
                var keys = string.Concat(groups.Select((g, i) => $"{g} as group_{i + 1}, "));
                var rows = groups.IsEmpty
                    ? $"select {c.Double} as value from {c.Source}"
                    : $"select {keys}sum({c.Double}) as value from {c.Source} group by {string.Join(", ", groups)}";
                return new QueryMeasure(
                    $"select * from (select *, (value - avg(value) over ()) / nullif(stddev_samp(value) over (), 0) as sigma "
                        + $"from ({rows}) as metric) as scored where abs(sigma) > {c.Args.Text("sigma_threshold")}"
                );
            },
        },
        new(
            "dbt_expectations.expect_column_values_to_be_within_n_moving_stdevs",
            ExpectationTarget.Column,
            "No recent period's sum is further from the mean of the periods before it than a number of their standard deviations."
        )
        {
            ExampleColumn = "amount",
            Aliases = ["expect_column_values_to_be_within_n_moving_stdevs"],
            ReadsClock = _ => true,
            Parameters =
            [
                Required("date_column_name", ParameterType.Expression, "the column of dates or times"),
                Optional("group_by", ParameterType.Expressions, "each group is a series of its own"),
                Optional("period", ParameterType.Text, "the unit of a period", "day"),
                Optional(
                    "lookback_periods",
                    ParameterType.Integer,
                    "with `take_diffs`: how far back the difference reaches",
                    1L
                ),
                Optional(
                    "trend_periods",
                    ParameterType.Integer,
                    "how many periods before make mean and deviation",
                    7L
                ),
                Optional(
                    "test_periods",
                    ParameterType.Integer,
                    "how many periods before the current one are judged",
                    14L
                ),
                Sigma,
                Optional(
                    "sigma_threshold_upper",
                    ParameterType.Number,
                    "how far above; by default `sigma_threshold`"
                ),
                Optional(
                    "sigma_threshold_lower",
                    ParameterType.Number,
                    "how far below, as a negative number"
                ),
                Optional("take_diffs", ParameterType.Boolean, "true: changes are judged, not sums", true),
                Optional("take_logs", ParameterType.Boolean, "true: logarithms are judged", true),
            ],
            Example = "{date_column_name: ordered_at, trend_periods: 2, take_logs: false, take_diffs: false}",
            Build = MovingStandardDeviations,
        },
    ];

    private static QueryMeasure MovingStandardDeviations(CheckContext c)
    {
        var period = c.Args.Text("period") ?? "day";
        var timestamp = c.Dialect.Sql.TypeName(SqlType.Timestamp);
        var at = c.Dialect.Truncate(
            period,
            $"cast({c.Expression(c.Args.Text("date_column_name") ?? "")} as {timestamp})"
        );
        var groups = c.Expressions("group_by");
        var keys = string.Concat(groups.Select((g, i) => $"{g} as group_{i + 1}, "));
        var names = string.Concat(groups.Select((_, i) => $"group_{i + 1}, "));
        var series = groups.IsEmpty ? "" : $"partition by {names.TrimEnd(',', ' ')} ";

        var value = c.Args.Flag("take_logs") ? "ln(nullif(total, 0))" : "total";
        if (c.Args.Flag("take_diffs"))
            value =
                $"{value} - lag({value}, {c.Args.Text("lookback_periods")}) over ({series}order by metric_period)";
        var window =
            $"over ({series}order by metric_period rows between {c.Args.Text("trend_periods")} preceding and 1 preceding)";
        var upper = c.Args.Text("sigma_threshold_upper") ?? c.Args.Text("sigma_threshold");
        var lower = c.Args.Text("sigma_threshold_lower") ?? $"-{c.Args.Text("sigma_threshold")}";
        var current = c.Dialect.Truncate(period, c.Dialect.Instant(c.Now));
        return new QueryMeasure(
            $"with totals as (select {keys}{at} as metric_period, sum({c.Double}) as total from {c.Source} group by {string.Join(", ", [.. groups, at])}), "
                + $"metrics as (select {names}metric_period, {value} as metric from totals), "
                + $"scored as (select *, (metric - avg(metric) {window}) / nullif(stddev_samp(metric) {window}, 0) as sigma from metrics) "
                + $"select * from scored where metric_period >= {c.Dialect.AddInterval(period, $"-{c.Args.Text("test_periods")}", current)} "
                + $"and metric_period < {current} and not (sigma >= {lower} and sigma <= {upper})"
        );
    }
}
