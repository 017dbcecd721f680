using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Keys of one or several columns. Except for dbt-utils', every row of a duplicate group counts.</summary>
internal static class UniquenessExpectations
{
    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_values_to_be_unique",
            ExpectationTarget.Column,
            "No value occurs twice; nulls pass. Counts every row of a duplicate group."
        )
        {
            ExampleColumn = "id",
            Aliases = ["dbt_expectations.expect_column_values_to_be_unique"],
            AllowsMostly = true,
            Build = c => Duplicates(c, [c.Column], $"{c.Column} is not null"),
        },
        new(
            "expect_compound_columns_to_be_unique",
            ExpectationTarget.Relation,
            "No combination of values occurs twice; null equals null. Counts every row of a duplicate group."
        )
        {
            Aliases = ["dbt_expectations.expect_compound_columns_to_be_unique"],
            Parameters =
            [
                Required("column_list", ParameterType.Columns, "the columns of the key"),
                Parameter.Choice(
                    "ignore_row_if",
                    "which rows are left out",
                    "all_values_are_missing",
                    "all_values_are_missing",
                    "any_value_is_missing",
                    "never"
                ),
                Optional(
                    "quote_columns",
                    ParameterType.Boolean,
                    "accepted for compatibility with dbt: columns are always quoted",
                    false
                ),
            ],
            Example = "{column_list: [id, status]}",
            AllowsMostly = true,
            Build = c => Duplicates(c, Columns(c, "column_list"), Considered(c)),
        },
        new(
            "dbt_utils.unique_combination_of_columns",
            ExpectationTarget.Relation,
            "No combination of values occurs twice; null equals null. Counts combinations."
        )
        {
            Aliases = ["unique_combination_of_columns"],
            Parameters =
            [
                Required("combination_of_columns", ParameterType.Expressions, "the columns, or expressions"),
                Optional(
                    "quote_columns",
                    ParameterType.Boolean,
                    "accepted for compatibility with dbt: columns are always quoted",
                    false
                ),
            ],
            Example = "{combination_of_columns: [id, status]}",
            Build = c =>
            {
                var columns = string.Join(", ", c.Expressions("combination_of_columns"));
                return new QueryMeasure(
                    $"select {columns}, count(*) as n_records from {c.Source} group by {columns} having count(*) > 1"
                )
                {
                    Counts = "repeated combination",
                };
            },
        },
        new(
            "expect_select_column_values_to_be_unique_within_record",
            ExpectationTarget.Relation,
            "Within each row, the values of some columns differ from one another."
        )
        {
            Aliases = ["dbt_expectations.expect_select_column_values_to_be_unique_within_record"],
            Parameters =
            [
                Required("column_list", ParameterType.Columns, "the columns"),
                Parameter.Choice(
                    "ignore_row_if",
                    "which rows are left out",
                    "all_values_are_missing",
                    "all_values_are_missing",
                    "any_value_is_missing",
                    "never"
                ),
                Optional(
                    "quote_columns",
                    ParameterType.Boolean,
                    "accepted for compatibility with dbt: columns are always quoted",
                    false
                ),
            ],
            Example = "{column_list: [id, customer_id]}",
            AllowsMostly = true,
            Build = c =>
            {
                var columns = Columns(c, "column_list");
                var pairs = columns.SelectMany((a, i) => columns.Skip(i + 1).Select(b => $"{a} = {b}"));
                var considered = Considered(c);
                return new RowMeasure(
                    $"({considered ?? "true"}) and ({string.Join(" or ", pairs.DefaultIfEmpty("false"))})"
                )
                {
                    Considered = considered,
                };
            },
        },
    ];

    public static ImmutableArray<string> Columns(CheckContext c, string parameter) =>
        [.. c.Args.Texts(parameter).Select(c.Name)];

    /// <summary>The rows that take part, by <c>ignore_row_if</c>; null for all.</summary>
    public static string? Considered(CheckContext c)
    {
        var present = Columns(c, "column_list").Select(column => $"{column} is not null");
        return c.Args.Text("ignore_row_if") switch
        {
            "never" => null,
            "any_value_is_missing" => string.Join(" and ", present),
            _ => string.Join(" or ", present),
        };
    }

    private static QueryMeasure Duplicates(CheckContext c, ImmutableArray<string> columns, string? considered)
    {
        var rows = c.SourceOf(c.Relation, SqlFragment.And(c.Where, considered));
        var key = string.Join(", ", columns);
        var count = c.Free("n_records");
        return new QueryMeasure(
            $"select * from (select {c.Dialect.Quote(c.Relation.Name)}.*, count(*) over (partition by {key}) as {count} from {rows}) as counted "
                + $"where {count} > 1"
        )
        {
            Considered = considered,
        };
    }
}
