using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Several columns of the same row against each other.</summary>
internal static class MultiColumnExpectations
{
    private static ImmutableArray<Parameter> Pair =>
        [
            Required("column_A", ParameterType.Expression, "the first column, or an expression"),
            Required("column_B", ParameterType.Expression, "the second"),
            Optional(
                "ignore_row_if",
                ParameterType.Choice,
                "which rows are left out; a comparison with null in a row that is not left out fails",
                "both_values_are_missing"
            ) with
            {
                Choices = ["both_values_are_missing", "either_value_is_missing", "neither", "never"],
            },
        ];

    private static readonly Parameter OrEqual = Optional(
        "or_equal",
        ParameterType.Boolean,
        "true: equal values pass",
        false
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_pair_values_a_to_be_greater_than_b",
            ExpectationTarget.Relation,
            "In every row, the first value is greater than the second."
        )
        {
            Parameters = [.. Pair, OrEqual],
            Example = "{column_A: amount, column_B: id}",
            AllowsMostly = true,
            Build = c => Pairs(c, (a, b) => $"{a} {(c.Args.Flag("or_equal") ? ">=" : ">")} {b}"),
        },
        new(
            "expect_column_pair_values_to_be_equal",
            ExpectationTarget.Relation,
            "In every row, both values are equal."
        )
        {
            Parameters = Pair,
            Example = "{column_A: id, column_B: customer_id}",
            AllowsMostly = true,
            Build = c => Pairs(c, (a, b) => $"{a} = {b}"),
        },
        new(
            "expect_column_pair_values_to_be_in_set",
            ExpectationTarget.Relation,
            "In every row, the two values are one of some pairs."
        )
        {
            Parameters = [.. Pair, Required("value_pairs_set", ParameterType.Tuples, "the pairs")],
            Example = "{column_A: id, column_B: customer_id, value_pairs_set: [[1, 10], [2, 10]]}",
            AllowsMostly = true,
            Build = c => Pairs(c, (a, b) => InPairs(c, a, b)),
        },
        new(
            "dbt_expectations.expect_column_pair_values_A_to_be_greater_than_B",
            ExpectationTarget.Relation,
            "In every row, the first value is greater than the second; a null passes."
        )
        {
            Parameters = [.. Pair.Take(2), OrEqual],
            Example = "{column_A: amount, column_B: id}",
            Build = c => DbtPairs(c, (a, b) => $"{a} {(c.Args.Flag("or_equal") ? ">=" : ">")} {b}"),
        },
        new(
            "dbt_expectations.expect_column_pair_values_to_be_equal",
            ExpectationTarget.Relation,
            "In every row, both values are equal; a null passes."
        )
        {
            Parameters = [.. Pair.Take(2)],
            Example = "{column_A: id, column_B: customer_id}",
            Build = c => DbtPairs(c, (a, b) => $"{a} = {b}"),
        },
        new(
            "dbt_expectations.expect_column_pair_values_to_be_in_set",
            ExpectationTarget.Relation,
            "In every row, the two values are one of some pairs; a null passes."
        )
        {
            Parameters = [.. Pair.Take(2), Required("value_pairs_set", ParameterType.Tuples, "the pairs")],
            Example = "{column_A: id, column_B: customer_id, value_pairs_set: [[1, 10], [2, 10]]}",
            Build = c => DbtPairs(c, (a, b) => InPairs(c, a, b)),
        },
        new(
            "expect_multicolumn_sum_to_equal",
            ExpectationTarget.Relation,
            "In every row, the values of some columns add up to a total."
        )
        {
            Parameters =
            [
                Required("column_list", ParameterType.Columns, "the columns"),
                Required("sum_total", ParameterType.Number, "the total"),
                Parameter.Choice(
                    "ignore_row_if",
                    "which rows are left out",
                    "all_values_are_missing",
                    "all_values_are_missing",
                    "any_value_is_missing",
                    "never"
                ),
            ],
            Example = "{column_list: [id, customer_id], sum_total: 11}",
            AllowsMostly = true,
            Build = c =>
            {
                var sum = string.Join(" + ", UniquenessExpectations.Columns(c, "column_list"));
                var considered = UniquenessExpectations.Considered(c);
                var total = c.Dialect.Literal(c.Args.Number("sum_total"), TypeFamily.Float);
                return new RowMeasure($"({considered ?? "true"}) and coalesce({sum} <> {total}, true)")
                {
                    Considered = considered,
                };
            },
        },
        new(
            "dbt_expectations.expect_multicolumn_sum_to_equal",
            ExpectationTarget.Relation,
            "The sums of some columns over all rows, or over each group, add up to a total."
        )
        {
            Parameters =
            [
                Required("column_list", ParameterType.Expressions, "the columns"),
                Required(
                    "sum_total",
                    ParameterType.SqlValue,
                    "the total: a number, or a SQL expression that is summed as well"
                ),
                OrderExpectations.Groups("group_by"),
            ],
            Example = "{column_list: [id, customer_id], sum_total: id + customer_id}",
            Build = c =>
            {
                var sum = string.Join(" + ", c.Expressions("column_list").Select(e => $"sum({e})"));
                var total =
                    c.Args.Value("sum_total") is string
                        ? $"sum({c.SqlValue("sum_total")})"
                        : c.SqlValue("sum_total");
                return Grouped.Check(c, $"{sum} = {total}", sum);
            },
        },
    ];

    private static RowMeasure Pairs(CheckContext c, Func<string, string, string> passes)
    {
        var (a, b) = (
            c.Expression(c.Args.Text("column_A") ?? ""),
            c.Expression(c.Args.Text("column_B") ?? "")
        );
        var considered = c.Args.Text("ignore_row_if") switch
        {
            "neither" or "never" => null,
            "either_value_is_missing" => $"{a} is not null and {b} is not null",
            _ => $"{a} is not null or {b} is not null",
        };
        return new RowMeasure($"({considered ?? "true"}) and not coalesce({passes(a, b)}, false)")
        {
            Considered = considered,
        };
    }

    private static RowMeasure DbtPairs(CheckContext c, Func<string, string, string> passes) =>
        new(
            $"not ({passes(c.Expression(c.Args.Text("column_A") ?? ""), c.Expression(c.Args.Text("column_B") ?? ""))})"
        );

    private static string InPairs(CheckContext c, string a, string b)
    {
        var (typeA, typeB) = (
            c.TypeOf(c.Args.Text("column_A") ?? ""),
            c.TypeOf(c.Args.Text("column_B") ?? "")
        );
        var pairs = c
            .Args.List("value_pairs_set")
            .Select(CheckArguments.ToList)
            .Where(pair => pair.Length == 2)
            .Select(pair => Equal(a, pair[0], typeA) + " and " + Equal(b, pair[1], typeB));
        return string.Join(" or ", pairs.DefaultIfEmpty("false"));

        string Equal(string column, object? value, TypeFamily type) =>
            value is null ? $"{column} is null" : $"{column} = {c.Dialect.Literal(value, type)}";
    }
}
