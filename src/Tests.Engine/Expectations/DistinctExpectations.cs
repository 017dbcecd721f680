using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>The different values of a column: as a set, by their number, by how often they occur. Nulls are no values.</summary>
internal static class DistinctExpectations
{
    private static ImmutableArray<Parameter> ValueSet =>
        [
            Required("value_set", ParameterType.Values, "the values") with
            {
                AllowsNull = true,
                QuotedBy = "quote_values",
            },
            Optional("quote_values", ParameterType.Boolean, "false: each value is a SQL expression", true),
        ];

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_distinct_values_to_be_in_set",
            ExpectationTarget.Column,
            "No different value is outside a set."
        )
        {
            Aliases = ["dbt_expectations.expect_column_distinct_values_to_be_in_set"],
            Parameters = ValueSet,
            Example = "{value_set: [placed, shipped, returned, lost]}",
            Build = c => new QueryMeasure(c.Args.Has("value_set") ? Unexpected(c) : Nothing),
        },
        new(
            "expect_column_distinct_values_to_contain_set",
            ExpectationTarget.Column,
            "Every member of a set occurs."
        )
        {
            Aliases = ["dbt_expectations.expect_column_distinct_values_to_contain_set"],
            Parameters = ValueSet,
            Example = "{value_set: [placed, cancelled]}",
            Build = c => new QueryMeasure(Missing(c)),
        },
        new(
            "expect_column_distinct_values_to_equal_set",
            ExpectationTarget.Column,
            "The different values are exactly a set."
        )
        {
            Aliases = ["dbt_expectations.expect_column_distinct_values_to_equal_set"],
            Parameters = ValueSet,
            Example = "{value_set: [placed, shipped]}",
            Build = c => new QueryMeasure(
                c.Args.Has("value_set")
                    ? $"select {c.Dialect.AsText("value")} as value, 'unexpected' as problem from ({Unexpected(c)}) as unexpected "
                        + $"union all select {c.Dialect.AsText("value")}, 'missing' from ({Missing(c)}) as missing"
                    : Nothing
            ),
        },
        new(
            "expect_column_most_common_value_to_be_in_set",
            ExpectationTarget.Column,
            "The value that occurs most often is in a set. Several most common values fail, unless `ties_okay`: then one of them has to be in the set."
        )
        {
            Parameters =
            [
                Required("value_set", ParameterType.Values, "the values"),
                Optional(
                    "ties_okay",
                    ParameterType.Boolean,
                    "whether several values may be the most common",
                    false
                ),
            ],
            Example = "{value_set: [shipped]}",
            Build = c =>
            {
                var inSet = $"count(*) filter (where {ValueExpectations.In(c, "value_set", "quote_values")})";
                var passes = c.Args.Flag("ties_okay") ? $"{inSet} > 0" : $"{inSet} = 1 and count(*) = 1";
                var place = CheckContext.Free("place", c.ColumnName);
                return new QueryMeasure(
                    $"select count(*) as most_common_values from (select {c.Column}, rank() over (order by count(*) desc) as {place} "
                        + $"from {c.Source} where {c.Column} is not null group by {c.Column}) as ranked where {place} = 1 having not ({passes})"
                );
            },
        },
        new(
            "dbt_expectations.expect_column_most_common_value_to_be_in_set",
            ExpectationTarget.Column,
            "The values that occur most often are all in a set."
        )
        {
            Parameters =
            [
                .. ValueSet,
                Optional("top_n", ParameterType.Integer, "how many places count", 1L),
                Optional(
                    "data_type",
                    ParameterType.Text,
                    "accepted for compatibility with dbt: values have the column's type"
                ),
            ],
            Example = "{value_set: [shipped], top_n: 1}",
            Build = c =>
            {
                var (count, place) = (
                    CheckContext.Free("n_records", c.ColumnName),
                    CheckContext.Free("place", c.ColumnName)
                );
                return new QueryMeasure(
                    $"select * from (select {c.Column}, count(*) as {count}, rank() over (order by count(*) desc) as {place} from {c.Source} "
                        + $"group by {c.Column}) as ranked where {place} <= {c.Args.Text("top_n")} and coalesce({CoreExpectations.NotIn(c, "value_set", "quote_values")}, true)"
                );
            },
        },
        DistinctCount("equal", "=", "is a number", "{value: 3}"),
        DistinctCount("be_greater_than", ">", "is greater than a number", "{value: 1}"),
        DistinctCount("be_less_than", "<", "is less than a number", "{value: 10}"),
        new(
            "dbt_expectations.expect_column_distinct_count_to_equal_other_table",
            ExpectationTarget.Column,
            "The number of different values equals that of a column of another relation."
        )
        {
            ExampleColumn = "customer_id",
            Aliases = ["expect_column_distinct_count_to_equal_other_table"],
            Parameters =
            [
                Required("compare_model", ParameterType.Relation, "the other relation"),
                Required("compare_column_name", ParameterType.Text, "its column"),
                Optional(
                    "compare_row_condition",
                    ParameterType.Expression,
                    "which of its rows count, as SQL"
                ),
            ],
            Example = "{compare_model: ref('customers'), compare_column_name: id}",
            Build = c =>
                TableExpectations.Compare(
                    c,
                    $"count(distinct {c.Column})",
                    $"count(distinct {c.Dialect.Quote(c.Args.Text("compare_column_name") ?? "")})"
                ),
        },
        new(
            "dbt_utils.not_constant",
            ExpectationTarget.Column,
            "There is more than one value, in all rows or in each group."
        )
        {
            Aliases = ["not_constant"],
            Parameters = [OrderExpectations.Groups("group_by_columns")],
            Build = c =>
                Grouped.Check(
                    c,
                    $"count(distinct {c.Column}) <> 1",
                    $"count(distinct {c.Column})",
                    "group_by_columns"
                ),
        },
        new(
            "dbt_utils.at_least_one",
            ExpectationTarget.Column,
            "There is a value, in all rows or in each group."
        )
        {
            Aliases = ["at_least_one"],
            Parameters = [OrderExpectations.Groups("group_by_columns")],
            Build = c => Grouped.Check(c, $"count({c.Column}) > 0", $"count({c.Column})", "group_by_columns"),
        },
        new(
            "dbt_utils.not_null_proportion",
            ExpectationTarget.Column,
            "The share of rows with a value lies in a range."
        )
        {
            Aliases = ["not_null_proportion"],
            Parameters =
            [
                Required("at_least", ParameterType.Fraction, "the smallest share"),
                Optional("at_most", ParameterType.Fraction, "the greatest share", 1.0),
                OrderExpectations.Groups("group_by_columns"),
            ],
            Example = "{at_least: 0.8}",
            Build = c =>
            {
                var share = $"{c.Dialect.AsDouble($"count({c.Column})")} / nullif(count(*), 0)";
                return Grouped.Check(
                    c,
                    $"{share} >= {c.Args.Text("at_least")} and {share} <= {c.Args.Text("at_most")}",
                    share,
                    "group_by_columns"
                );
            },
        },
        new(
            "dbt_utils.cardinality_equality",
            ExpectationTarget.Column,
            "Every value occurs as often as in a column of another relation. Counts the values that do not."
        )
        {
            ExampleColumn = "customer_id",
            Aliases = ["cardinality_equality"],
            Parameters =
            [
                Required("to", ParameterType.Relation, "the other relation"),
                Required("field", ParameterType.Text, "its column"),
            ],
            Example = "{to: ref('customers'), field: id}",
            Build = c =>
            {
                var other = c.Other("to");
                var field = c.Dialect.Quote(
                    other.FindColumn(c.Args.Text("field") ?? "")?.Name ?? c.Args.Text("field") ?? ""
                );
                var here =
                    $"select {c.Column} as value, count(*) as n_records from {c.Source} group by {c.Column}";
                var there =
                    $"select {field} as value, count(*) as n_records from {c.SourceOf(other, null)} group by {field}";
                return new QueryMeasure($"(({here}) except ({there})) union all (({there}) except ({here}))");
            },
        },
    ];

    private const string Nothing = "select 1 as value where false";

    private static string Unexpected(CheckContext c) =>
        $"select {c.Column} as value, count(*) as n_records from {c.Source} "
        + $"where {c.Column} is not null and {CoreExpectations.NotIn(c, "value_set", "quote_values")} group by {c.Column}";

    private static string Missing(CheckContext c)
    {
        var members = CoreExpectations.Literals(c, "value_set", "quote_values");
        return members.IsEmpty
            ? Nothing
            // both sides are qualified: the relation may have columns of any name
            : $"select strata_member.member_value as value from {CheckDialect.Values(members, "strata_member", "member_value")} "
                + $"where not exists (select 1 from {c.Source} where {c.Dialect.Quote(c.Relation.Name)}.{c.Column} = strata_member.member_value)";
    }

    private static Expectation DistinctCount(string name, string comparison, string words, string example) =>
        new(
            $"dbt_expectations.expect_column_distinct_count_to_{name}",
            ExpectationTarget.Column,
            $"The number of different values {words}."
        )
        {
            Aliases = [$"expect_column_distinct_count_to_{name}"],
            Parameters =
            [
                Required("value", ParameterType.SqlValue, "the number"),
                OrderExpectations.Groups("group_by"),
                Optional("quote_values", ParameterType.Boolean, "accepted for compatibility with dbt", false),
            ],
            Example = example,
            Build = c =>
                Grouped.Check(
                    c,
                    $"count(distinct {c.Column}) {comparison} {c.SqlValue("value")}",
                    $"count(distinct {c.Column})"
                ),
        };
}
