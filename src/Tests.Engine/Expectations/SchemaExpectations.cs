using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Planning;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Which columns there are, in what order and of what type. Judged from the catalog, without reading a row.</summary>
internal static class SchemaExpectations
{
    private static readonly Parameter Transform = Optional(
        "transform",
        ParameterType.Text,
        "accepted for compatibility with dbt: case never matters"
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_to_exist",
            ExpectationTarget.Column,
            "There is a column of that name; `column_index` counts from 0."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            ChecksForColumn = true,
            Parameters = [Optional("column_index", ParameterType.Integer, "the place it must have, from 0")],
            Build = c => Exists(c, 0, StringComparer.Ordinal),
        },
        new(
            "dbt_expectations.expect_column_to_exist",
            ExpectationTarget.Column,
            "There is a column of that name; `column_index` counts from 1."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            ChecksForColumn = true,
            Parameters =
            [
                Optional("column_index", ParameterType.Integer, "the place it must have, from 1"),
                Transform,
            ],
            Example = "{column_index: 1}",
            Build = c => Exists(c, 1, StringComparer.OrdinalIgnoreCase),
        },
        new(
            "expect_table_column_count_to_be_between",
            ExpectationTarget.Relation,
            "The number of columns lies in a range."
        )
        {
            Aliases = ["dbt_expectations.expect_table_column_count_to_be_between"],
            NeedsColumns = true,
            Parameters =
            [
                Optional("min_value", ParameterType.Integer, "the smallest number"),
                Optional("max_value", ParameterType.Integer, "the greatest number"),
            ],
            Example = "{min_value: 2, max_value: 10}",
            Build = c =>
            {
                var count = Columns(c).Length;
                var isInside = !(count < c.Args.Number("min_value")) && !(count > c.Args.Number("max_value"));
                return Problems(c, isInside ? [] : [$"{count} columns"]);
            },
        },
        new(
            "expect_table_column_count_to_equal",
            ExpectationTarget.Relation,
            "There are exactly this many columns."
        )
        {
            Aliases = ["dbt_expectations.expect_table_column_count_to_equal"],
            NeedsColumns = true,
            Parameters = [Required("value", ParameterType.Integer, "the number")],
            Example = "{value: 4}",
            Build = c =>
                Problems(
                    c,
                    Columns(c).Length == c.Args.Number("value") ? [] : [$"{Columns(c).Length} columns"]
                ),
        },
        new(
            "dbt_expectations.expect_table_column_count_to_equal_other_table",
            ExpectationTarget.Relation,
            "There are as many columns as in another relation."
        )
        {
            Aliases = ["expect_table_column_count_to_equal_other_table"],
            NeedsColumns = true,
            Parameters = [Required("compare_model", ParameterType.Relation, "the other relation")],
            Example = "{compare_model: ref('customers')}",
            Build = c =>
            {
                var (here, there) = (Columns(c).Length, (c.Other("compare_model").Columns ?? []).Length);
                return Problems(c, here == there ? [] : [$"{here} columns here, {there} there"]);
            },
        },
        new(
            "expect_table_columns_to_match_ordered_list",
            ExpectationTarget.Relation,
            "The columns are exactly a list, in its order."
        )
        {
            NeedsColumns = true,
            Parameters = [List("column_list")],
            Example = "{column_list: [id, customer_id, status, amount, ordered_at]}",
            Build = c =>
                c.Args.Has("column_list") ? Problems(c, InOrder(c, StringComparer.Ordinal)) : Problems(c, []),
        },
        new(
            "expect_table_columns_to_match_set",
            ExpectationTarget.Relation,
            "The columns are exactly a set; with `exact_match: false`, they contain it."
        )
        {
            NeedsColumns = true,
            Parameters =
            [
                List("column_set"),
                Optional("exact_match", ParameterType.Boolean, "false: further columns are allowed", true),
            ],
            Example = "{column_set: [id, status], exact_match: false}",
            Build = c =>
                Problems(
                    c,
                    [
                        .. Missing(c, "column_set", StringComparer.Ordinal),
                        .. c.Args.Flag("exact_match") ? Extra(c, "column_set", StringComparer.Ordinal) : [],
                    ]
                ),
        },
        new(
            "dbt_expectations.expect_table_columns_to_match_ordered_list",
            ExpectationTarget.Relation,
            "The columns are exactly a list, in its order, whatever their case."
        )
        {
            NeedsColumns = true,
            Parameters = [List("column_list"), Transform],
            Example = "{column_list: [ID, CUSTOMER_ID, STATUS, AMOUNT, ORDERED_AT]}",
            Build = c => Problems(c, InOrder(c, StringComparer.OrdinalIgnoreCase)),
        },
        new(
            "dbt_expectations.expect_table_columns_to_match_set",
            ExpectationTarget.Relation,
            "The columns are exactly a set, whatever their case."
        )
        {
            NeedsColumns = true,
            Parameters = [List("column_list"), Transform],
            Example = "{column_list: [ID, STATUS]}",
            Build = c =>
                Problems(
                    c,
                    [
                        .. Missing(c, "column_list", StringComparer.OrdinalIgnoreCase),
                        .. Extra(c, "column_list", StringComparer.OrdinalIgnoreCase),
                    ]
                ),
        },
        new(
            "dbt_expectations.expect_table_columns_to_contain_set",
            ExpectationTarget.Relation,
            "Every member of a set is a column, whatever its case."
        )
        {
            Aliases = ["expect_table_columns_to_contain_set"],
            NeedsColumns = true,
            Parameters = [List("column_list"), Transform],
            Example = "{column_list: [id, status]}",
            Build = c => Problems(c, Missing(c, "column_list", StringComparer.OrdinalIgnoreCase)),
        },
        new(
            "dbt_expectations.expect_table_columns_to_not_contain_set",
            ExpectationTarget.Relation,
            "No member of a set is a column, whatever its case."
        )
        {
            Aliases = ["expect_table_columns_to_not_contain_set"],
            NeedsColumns = true,
            Parameters = [List("column_list"), Transform],
            Example = "{column_list: [password]}",
            Build = c =>
                Problems(
                    c,
                    c.Args.Texts("column_list")
                        .Intersect(Present(c), StringComparer.OrdinalIgnoreCase)
                        .Select(name => $"not allowed: {name}")
                ),
        },
        new(
            "expect_column_values_to_be_of_type",
            ExpectationTarget.Column,
            "The column has a type; all engines' names of a type are one. A length or precision counts where it is written and the engine keeps it."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            Parameters = [Required("type_", ParameterType.Text, "the type") with { Aliases = ["type"] }],
            Example = "{type: integer}",
            Build = c => HasType(c, [c.Args.Text("type_") ?? ""]),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_of_type",
            ExpectationTarget.Column,
            "The column has a type."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            Parameters = [Required("column_type", ParameterType.Text, "the type")],
            Example = "{column_type: integer}",
            Build = c => HasType(c, [c.Args.Text("column_type") ?? ""]),
        },
        new(
            "expect_column_values_to_be_in_type_list",
            ExpectationTarget.Column,
            "The column has one of some types."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            Parameters = [Required("type_list", ParameterType.Texts, "the types") with { AllowsNull = true }],
            Example = "{type_list: [integer, bigint]}",
            Build = c => c.Args.Has("type_list") ? HasType(c, c.Args.Texts("type_list")) : Problems(c, []),
        },
        new(
            "dbt_expectations.expect_column_values_to_be_in_type_list",
            ExpectationTarget.Column,
            "The column has one of some types."
        )
        {
            ExampleColumn = "id",
            NeedsColumns = true,
            Parameters = [Required("column_type_list", ParameterType.Texts, "the types")],
            Example = "{column_type_list: [integer, bigint]}",
            Build = c => HasType(c, c.Args.Texts("column_type_list")),
        },
    ];

    private static Parameter List(string name) =>
        Required(name, ParameterType.Texts, "the names of columns") with
        {
            AllowsNull = true,
        };

    private static ImmutableArray<CheckColumn> Columns(CheckContext c) => c.Relation.Columns ?? [];

    private static IEnumerable<string> Present(CheckContext c) => Columns(c).Select(column => column.Name);

    private static IEnumerable<string> Missing(CheckContext c, string set, StringComparer names) =>
        c.Args.Texts(set).Distinct().Except(Present(c), names).Select(name => $"missing: {name}");

    private static IEnumerable<string> Extra(CheckContext c, string set, StringComparer names) =>
        Present(c).Except(c.Args.Texts(set), names).Select(name => $"unexpected: {name}");

    private static IEnumerable<string> InOrder(CheckContext c, StringComparer names)
    {
        var list = c.Args.Texts("column_list");
        var present = Columns(c);
        for (var i = 0; i < Math.Max(list.Length, present.Length); i++)
        {
            var expected = i < list.Length ? list[i] : null;
            var actual = i < present.Length ? present[i].Name : null;
            if (!names.Equals(expected, actual))
                yield return $"column {i + 1}: expected {expected ?? "none"}, found {actual ?? "none"}";
        }
    }

    private static QueryMeasure Exists(CheckContext c, int first, StringComparer names)
    {
        if (Columns(c).FirstOrDefault(column => names.Equals(column.Name, c.ColumnName)) is not { } column)
            return Problems(c, [$"missing: {c.ColumnName}"]);
        var index = Columns(c).IndexOf(column) + first;
        var isInPlace = c.Args.Number("column_index") is not { } wanted || wanted == index;
        return Problems(
            c,
            isInPlace ? [] : [string.Create(CultureInfo.InvariantCulture, $"{column.Name} is column {index}")]
        );
    }

    private static QueryMeasure HasType(CheckContext c, ImmutableArray<string> types)
    {
        var actual = c.Relation.FindColumn(c.ColumnName)?.Type ?? "unknown";
        return Problems(
            c,
            types.Any(type => TypeNames.Fits(type, actual, c.Dialect.Sql.Engine))
                ? []
                : [$"{c.ColumnName} is {actual}"]
        );
    }

    // what was found is known already; the engine only gets to count it, as it does for every test
    public static QueryMeasure Problems(CheckContext c, IEnumerable<string> problems)
    {
        var rows = problems.Select(c.Dialect.Text).ToList();
        return new QueryMeasure(
            rows.Count == 0
                ? "select '' as problem where false"
                : $"select problem from {CheckDialect.Values(rows, "found", "problem")}"
        );
    }
}
