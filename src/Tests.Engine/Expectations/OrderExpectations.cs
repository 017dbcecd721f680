using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Rows in an order, or against the spread of all rows.</summary>
internal static class OrderExpectations
{
    private static readonly Parameter SortColumn = Required(
        "sort_column",
        ParameterType.Expression,
        "what the rows are ordered by; rows of a table have no order of their own"
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_values_to_be_increasing",
            ExpectationTarget.Column,
            "No value is smaller than the one before it; nulls are skipped."
        )
        {
            ExampleColumn = "amount",
            Parameters = [SortColumn, Strictly(false)],
            Example = "{sort_column: id}",
            AllowsMostly = true,
            Build = c => Neighbours(c, c.Args.Flag("strictly") ? "<=" : "<"),
        },
        new(
            "expect_column_values_to_be_decreasing",
            ExpectationTarget.Column,
            "No value is greater than the one before it; nulls are skipped."
        )
        {
            ExampleColumn = "amount",
            Parameters = [SortColumn, Strictly(false)],
            Example = "{sort_column: id}",
            AllowsMostly = true,
            Build = c => Neighbours(c, c.Args.Flag("strictly") ? ">=" : ">"),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_increasing",
            ExpectationTarget.Column,
            "Every value is greater than the one before it."
        )
        {
            ExampleColumn = "amount",
            Parameters = DbtParameters,
            Example = "{sort_column: id}",
            Build = c => DbtNeighbours(c, ">", "value_field - value_field_lag"),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_decreasing",
            ExpectationTarget.Column,
            "Every value is smaller than the one before it."
        )
        {
            ExampleColumn = "amount",
            Parameters = DbtParameters,
            Example = "{sort_column: id}",
            Build = c => DbtNeighbours(c, "<", "value_field_lag - value_field"),
        },
        new(
            "dbt_utils.sequential_values",
            ExpectationTarget.Column,
            "Every value follows the one before it by the same step."
        )
        {
            ExampleColumn = "id",
            Aliases = ["sequential_values"],
            Parameters =
            [
                Optional("interval", ParameterType.Number, "the step", 1L),
                Optional("datepart", ParameterType.Text, "for dates and times: the unit of the step"),
                Groups("group_by_columns"),
            ],
            Example = "{interval: 1}",
            Build = c =>
            {
                var step = c.Args.Text("interval") ?? "1";
                var expected = c.Args.Text("datepart") is { } unit
                    ? c.Dialect.AddInterval(unit, step, "previous")
                    : $"previous + {step}";
                return new QueryMeasure(
                    $"select * from (select {GroupList(c, "group_by_columns")}{c.Column} as value, "
                        + $"lag({c.Column}) over ({Partition(c, "group_by_columns")}order by {c.Column}) as previous from {c.Source}) as windowed "
                        + $"where previous is not null and not (value = {expected})"
                );
            },
        },
        new(
            "dbt_utils.mutually_exclusive_ranges",
            ExpectationTarget.Relation,
            "Ranges from a lower to an upper bound do not overlap; gaps may be forbidden or required."
        )
        {
            Aliases = ["mutually_exclusive_ranges"],
            Parameters =
            [
                Required("lower_bound_column", ParameterType.Expression, "the lower bound"),
                Required("upper_bound_column", ParameterType.Expression, "the upper bound"),
                Optional(
                    "partition_by",
                    ParameterType.Expression,
                    "ranges are compared within equal values of this"
                ),
                Parameter.Choice(
                    "gaps",
                    "whether there are gaps between ranges",
                    "allowed",
                    "allowed",
                    "not_allowed",
                    "required"
                ),
                Optional(
                    "zero_length_range_allowed",
                    ParameterType.Boolean,
                    "true: a range may begin where it ends",
                    false
                ),
            ],
            Example = "{lower_bound_column: id, upper_bound_column: id + 1}",
            Build = ExclusiveRanges,
        },
        new(
            "expect_column_value_z_scores_to_be_less_than",
            ExpectationTarget.Column,
            "No value is further from the mean than a number of standard deviations."
        )
        {
            ExampleColumn = "amount",
            Parameters =
            [
                Required("threshold", ParameterType.Number, "how many standard deviations"),
                Optional(
                    "double_sided",
                    ParameterType.Boolean,
                    "true: values far below the mean count as well",
                    true
                ),
            ],
            Example = "{threshold: 3}",
            AllowsMostly = true,
            Build = c =>
            {
                var value = c.Double;
                var (mean, deviation) = (c.Free("strata_mean"), c.Free("strata_deviation"));
                var score = $"({value} - {mean}) / nullif({deviation}, 0)";
                return new QueryMeasure(
                    $"select * from (select {c.Dialect.Quote(c.Relation.Name)}.*, avg({value}) over () as {mean}, "
                        + $"stddev_samp({value}) over () as {deviation} from {c.Source}) as spread "
                        + $"where not ({(c.Args.Flag("double_sided") ? $"abs({score})" : score)} < {c.Args.Text("threshold")})"
                )
                {
                    ConsideredColumn = c.Column,
                };
            },
        },
    ];

    private static ImmutableArray<Parameter> DbtParameters =>
        [
            Optional(
                "sort_column",
                ParameterType.Expression,
                "what the rows are ordered by; by default the column itself"
            ),
            Strictly(true),
            Groups("group_by"),
            Optional("step", ParameterType.Number, "the exact difference from one value to the next"),
        ];

    public static Parameter Groups(string name) =>
        Optional(
            name,
            ParameterType.Expressions,
            "columns or expressions; the test looks at each group by itself"
        );

    private static Parameter Strictly(bool isDefault) =>
        Optional("strictly", ParameterType.Boolean, "whether equal neighbours fail", isDefault);

    // rows without a value take no part, so that each value meets the last one before it
    private static QueryMeasure Neighbours(CheckContext c, string failing)
    {
        var previous = c.Free("strata_previous");
        return new QueryMeasure(
            $"select * from (select {c.Dialect.Quote(c.Relation.Name)}.*, lag({c.Column}) over (order by {c.Expression(c.Args.Text("sort_column") ?? "")}) "
                + $"as {previous} from {c.Source} where {c.Column} is not null) as ordered where {c.Column} {failing} {previous}"
        )
        {
            ConsideredColumn = c.Column,
        };
    }

    private static QueryMeasure DbtNeighbours(CheckContext c, string passing, string difference)
    {
        var sort = c.Args.Text("sort_column") is { } written ? c.Expression(written) : c.Column;
        var step = c.Args.Text("step") is { } size ? $" and {difference} = {size}" : "";
        var strict = c.Args.Flag("strictly") ? passing : passing + "=";
        return new QueryMeasure(
            $"select * from (select {GroupList(c, "group_by")}{sort} as sort_column, {c.Column} as value_field, "
                + $"lag({c.Column}) over ({Partition(c, "group_by")}order by {sort}) as value_field_lag from {c.Source}) as ordered "
                + $"where value_field_lag is not null and not (value_field {strict} value_field_lag{step})"
        );
    }

    private static QueryMeasure ExclusiveRanges(CheckContext c)
    {
        var zero = c.Args.Flag("zero_length_range_allowed");
        var gaps = c.Args.Text("gaps") switch
        {
            "not_allowed" => "=",
            "required" => "<",
            _ => "<=",
        };
        var lower = c.Expression(c.Args.Text("lower_bound_column") ?? "");
        var upper = c.Expression(c.Args.Text("upper_bound_column") ?? "");
        var by = c.Args.Text("partition_by") is { } written ? c.Expression(written) : null;
        var partition = by is null ? "" : $"partition by {by} ";
        return new QueryMeasure(
            $"select * from (select {(by is null ? "" : $"{by} as partition_by, ")}{lower} as lower_bound, {upper} as upper_bound, "
                + $"lead({lower}) over ({partition}order by {lower}, {upper}) as next_lower_bound, "
                + $"lead(true) over ({partition}order by {lower}, {upper}) is null as is_last from {c.Source}) as ranges "
                + $"where not (coalesce(lower_bound {(zero ? "<=" : "<")} upper_bound, false) "
                + $"and coalesce(upper_bound {gaps} next_lower_bound, is_last, false))"
        );
    }

    private static string GroupList(CheckContext c, string parameter) =>
        string.Concat(c.Expressions(parameter).Select((g, i) => $"{g} as group_{i + 1}, "));

    private static string Partition(CheckContext c, string parameter) =>
        c.Expressions(parameter) is { IsEmpty: false } groups
            ? $"partition by {string.Join(", ", groups)} "
            : "";
}
