using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>One value at a time: null, in a set, in a range. A null is neither right nor wrong, and no part of <c>mostly</c>.</summary>
internal static class ValueExpectations
{
    private static readonly Parameter ValueSet = Required(
        "value_set",
        ParameterType.Values,
        "the values"
    ) with
    {
        AllowsNull = true,
        QuotedBy = "quote_values",
    };

    public static readonly ImmutableArray<Expectation> All =
    [
        new("expect_column_values_to_be_null", ExpectationTarget.Column, "Every value is null.")
        {
            Aliases = ["dbt_expectations.expect_column_values_to_be_null"],
            AllowsMostly = true,
            Build = c => new RowMeasure($"{c.Column} is not null") { Count = $"count({c.Column})" },
        },
        new(
            "expect_column_values_to_be_in_set",
            ExpectationTarget.Column,
            "Every value is one of a set; nulls pass."
        )
        {
            Parameters = [ValueSet],
            Example = "{value_set: [placed, shipped]}",
            AllowsMostly = true,
            Build = c =>
                c.Args.Has("value_set")
                    ? Values(c, CoreExpectations.NotIn(c, "value_set", "quote_values"))
                    : Values(c, "false"),
        },
        new(
            "expect_column_values_to_not_be_in_set",
            ExpectationTarget.Column,
            "No value is one of a set; nulls pass."
        )
        {
            Parameters = [ValueSet],
            Example = "{value_set: [unknown, n/a]}",
            AllowsMostly = true,
            Build = c => Values(c, In(c, "value_set", "quote_values")),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_in_set",
            ExpectationTarget.Column,
            "Every value is one of a set; a null fails. Counts different values."
        )
        {
            Parameters = [ValueSet, Quote("quote_values")],
            Example = "{value_set: [placed, shipped]}",
            Build = c => new QueryMeasure(
                $"select {c.Column} as value_field from {c.Source} where {c.Column} is null or "
                    + $"{CoreExpectations.NotIn(c, "value_set", "quote_values")} group by {c.Column}"
            )
            {
                Counts = "different value",
            },
        },
        new(
            "dbt_expectations.expect_column_values_to_not_be_in_set",
            ExpectationTarget.Column,
            "No value is one of a set; nulls pass. Counts different values."
        )
        {
            Parameters = [ValueSet, Quote("quote_values")],
            Example = "{value_set: [unknown, n/a]}",
            Build = c => new RowMeasure(In(c, "value_set", "quote_values"))
            {
                CountedBy = c.Column,
                ReadsText = c.ReadsText,
            },
        },
        new(
            "dbt_utils.not_accepted_values",
            ExpectationTarget.Column,
            "No value is one of a list; nulls pass. Counts different values."
        )
        {
            Aliases = ["not_accepted_values"],
            Parameters =
            [
                Required("values", ParameterType.Values, "the values that must not occur") with
                {
                    QuotedBy = "quote",
                },
                Quote("quote"),
            ],
            Example = "{values: [unknown, n/a]}",
            Build = c => new RowMeasure(In(c, "values", "quote"))
            {
                CountedBy = c.Column,
                ReadsText = c.ReadsText,
            },
        },
        new(
            "expect_column_values_to_be_between",
            ExpectationTarget.Column,
            "Every value lies in a range; nulls pass."
        )
        {
            ExampleColumn = "amount",
            Parameters = Bounds.Parameters(ParameterType.Value),
            Example = "{min_value: 0, max_value: 1000}",
            AllowsMostly = true,
            Rule = Bounds.NeedOneInOrder,
            Build = c => Values(c, Bounds.Of(c, c.Literal).Fails(c.Column)),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_between",
            ExpectationTarget.Column,
            "Every value lies in a range; nulls pass."
        )
        {
            ExampleColumn = "amount",
            Parameters = Bounds.DbtParameters,
            Example = "{min_value: 0, max_value: 1000}",
            Rule = Bounds.NeedOne,
            Build = c => Values(c, Bounds.OfDbt(c).Fails(c.Column)),
        },
        new("dbt_utils.accepted_range", ExpectationTarget.Column, "Every value lies in a range; nulls pass.")
        {
            ExampleColumn = "amount",
            Aliases = ["accepted_range"],
            Parameters =
            [
                Optional("min_value", ParameterType.SqlValue, "the lower bound, a number or SQL"),
                Optional("max_value", ParameterType.SqlValue, "the upper bound, a number or SQL"),
                Optional(
                    "inclusive",
                    ParameterType.Boolean,
                    "false: the bounds themselves are outside",
                    true
                ),
            ],
            Example = "{min_value: 0}",
            AllowsMostly = true,
            Rule = Bounds.NeedOne,
            Build = c =>
            {
                var isStrict = c.Args.Value("inclusive") is false;
                var bounds = Bounds.OfDbt(c) with { StrictMin = isStrict, StrictMax = isStrict };
                return Values(c, bounds.Fails(c.Column));
            },
        },
        new("expect", ExpectationTarget.Both, "A boolean SQL expression holds for every row; null passes.")
        {
            Parameters =
            [
                Required(
                    "expression",
                    ParameterType.Expression,
                    "the expression, over the columns of the relation"
                ) with
                {
                    Aliases = ["sql"],
                },
            ],
            Example = "{expression: amount >= 0 or status = 'refunded'}",
            AllowsMostly = true,
            Build = c => new RowMeasure($"not {SqlFragment.Parenthesize(c.Args.Text("expression") ?? "")}"),
        },
        new(
            "dbt_utils.expression_is_true",
            ExpectationTarget.Both,
            "A boolean SQL expression holds for every row; null passes. Under a column, the expression continues after the column's name: `>= 0`."
        )
        {
            Aliases = ["expression_is_true", "dbt_expectations.expression_is_true"],
            Parameters = [Required("expression", ParameterType.Expression, "the expression")],
            Example = "{expression: amount >= 0}",
            AllowsMostly = true,
            Build = c => new RowMeasure(
                c.ColumnName.Length == 0
                    ? $"not {SqlFragment.Parenthesize(c.Args.Text("expression") ?? "")}"
                    : $"not {SqlFragment.Parenthesize($"{c.Column} {c.Args.Text("expression")}")}"
            ),
        },
        new("dbt_utils.not_empty_string", ExpectationTarget.Column, "No text is empty; nulls pass.")
        {
            Aliases = ["not_empty_string"],
            Parameters =
            [
                Optional(
                    "trim_whitespace",
                    ParameterType.Boolean,
                    "false: spaces make a text non-empty",
                    true
                ),
            ],
            AllowsMostly = true,
            Build = c =>
                Values(c, c.Args.Flag("trim_whitespace") ? $"trim({c.Column}) = ''" : $"{c.Column} = ''"),
        },
    ];

    /// <summary>A row check of one column in which nulls do not take part.</summary>
    /// <param name="fails">Never true for null.</param>
    public static RowMeasure Values(CheckContext c, string fails) =>
        new(fails) { ConsideredColumn = c.Column, ReadsText = c.ReadsText };

    /// <summary>A condition for the rows whose value is in a list.</summary>
    public static string In(CheckContext c, string values, string quote)
    {
        var list = CoreExpectations.Literals(c, values, quote);
        return list.Length == 0 ? "false" : $"{c.Column} in ({string.Join(", ", list)})";
    }

    private static Parameter Quote(string name) =>
        Optional(name, ParameterType.Boolean, "false: each value is a SQL expression", true);
}
