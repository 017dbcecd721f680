using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>How many rows there are, by themselves and against another relation.</summary>
internal static class TableExpectations
{
    private static ImmutableArray<Parameter> Other =>
        [
            Required("compare_model", ParameterType.Relation, "the other relation") with
            {
                Aliases = ["other_table_name"],
            },
            OrderExpectations.Groups("group_by"),
            Optional(
                "compare_group_by",
                ParameterType.Expressions,
                "the other relation's groups; by default the same"
            ),
            Optional("compare_row_condition", ParameterType.Expression, "which of its rows count, as SQL"),
        ];

    private static ImmutableArray<Parameter> Tolerance =>
        [
            Required("expression", ParameterType.Expression, "the aggregate"),
            Optional(
                "compare_expression",
                ParameterType.Expression,
                "the other relation's aggregate; by default the same"
            ),
            Optional("compare_model", ParameterType.Relation, "the other relation; by default the same"),
            .. Other[1..],
            Optional("tolerance", ParameterType.Number, "how far the two may be apart", 0.0),
            Optional(
                "tolerance_percent",
                ParameterType.Number,
                "the same as a share of the first: 0.05 is five per cent"
            ),
        ];

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_table_row_count_to_be_between",
            ExpectationTarget.Relation,
            "The number of rows lies in a range."
        )
        {
            Parameters = Bounds.Parameters(ParameterType.Integer),
            Example = "{min_value: 1, max_value: 100}",
            Build = c => new AggregateMeasure(Bounds.Of(c, v => Whole(c, v)).Passes("count(*)"), "count(*)"),
        },
        new(
            "dbt_expectations.expect_table_row_count_to_be_between",
            ExpectationTarget.Relation,
            "The number of rows lies in a range."
        )
        {
            Parameters = [.. Bounds.DbtParameters, OrderExpectations.Groups("group_by")],
            Example = "{min_value: 1}",
            Rule = Bounds.NeedOne,
            Build = c => Grouped.Check(c, Bounds.OfDbt(c).Passes("count(*)"), "count(*)"),
        },
        new(
            "expect_table_row_count_to_equal",
            ExpectationTarget.Relation,
            "There are exactly this many rows."
        )
        {
            Parameters = [Required("value", ParameterType.Integer, "the number of rows")],
            Example = "{value: 6}",
            Build = c => new AggregateMeasure($"count(*) = {Whole(c, c.Args.Value("value"))}", "count(*)"),
        },
        new(
            "dbt_expectations.expect_table_row_count_to_equal",
            ExpectationTarget.Relation,
            "There are exactly this many rows."
        )
        {
            Parameters =
            [
                Required("value", ParameterType.SqlValue, "the number of rows"),
                OrderExpectations.Groups("group_by"),
            ],
            Example = "{value: 6}",
            Build = c => Grouped.Check(c, $"count(*) = {c.SqlValue("value")}", "count(*)"),
        },
        new(
            "expect_table_row_count_to_equal_other_table",
            ExpectationTarget.Relation,
            "There are as many rows as in another relation."
        )
        {
            Aliases = ["dbt_expectations.expect_table_row_count_to_equal_other_table"],
            Parameters =
            [
                .. Other,
                Optional(
                    "factor",
                    ParameterType.Number,
                    "how many times the other relation's rows count",
                    1L
                ),
            ],
            Example = "{compare_model: ref('customers')}",
            Build = c => Compare(c, "count(*)", $"count(*) * {c.Args.Text("factor")}"),
        },
        new(
            "dbt_expectations.expect_table_row_count_to_equal_other_table_times_factor",
            ExpectationTarget.Relation,
            "There are a given number of times as many rows as in another relation."
        )
        {
            Aliases = ["expect_table_row_count_to_equal_other_table_times_factor"],
            Parameters = [.. Other, Required("factor", ParameterType.Number, "how many times")],
            Example = "{compare_model: ref('customers'), factor: 2}",
            Build = c => Compare(c, "count(*)", $"count(*) * {c.Args.Text("factor")}"),
        },
        new(
            "dbt_expectations.expect_table_aggregation_to_equal_other_table",
            ExpectationTarget.Relation,
            "An aggregate equals that of another relation, in all rows or in each group."
        )
        {
            Aliases =
            [
                "expect_table_aggregation_to_equal_other_table",
                "dbt_expectations.equal_expression",
                "equal_expression",
            ],
            Parameters = Tolerance,
            Example = "{expression: count(*), compare_model: ref('customers')}",
            Build = c =>
                Compare(
                    c,
                    c.Args.Text("expression") ?? "",
                    c.Args.Text("compare_expression") ?? c.Args.Text("expression") ?? ""
                ),
        },
        new(
            "dbt_utils.equal_rowcount",
            ExpectationTarget.Relation,
            "There are as many rows as in another relation."
        )
        {
            Aliases = ["equal_rowcount"],
            Parameters = [Other[0], OrderExpectations.Groups("group_by_columns")],
            Example = "{compare_model: ref('customers')}",
            Build = c => Compare(c, "count(*)", "count(*)", groups: "group_by_columns"),
        },
        new(
            "dbt_utils.fewer_rows_than",
            ExpectationTarget.Relation,
            "There are fewer rows than in another relation."
        )
        {
            Aliases = ["fewer_rows_than"],
            Parameters = [Other[0], OrderExpectations.Groups("group_by_columns")],
            Example = "{compare_model: ref('customers')}",
            Build = c =>
                Compare(
                    c,
                    "count(*)",
                    "count(*)",
                    "coalesce(this_value, 0) < coalesce(other_value, 0)",
                    "group_by_columns"
                ),
        },
        new(
            "dbt_utils.relationships_where",
            ExpectationTarget.Column,
            "Every value of some rows occurs in a column of some rows of another relation; nulls pass."
        )
        {
            ExampleColumn = "customer_id",
            Aliases = ["relationships_where"],
            Parameters =
            [
                Required("to", ParameterType.Relation, "the other relation"),
                Required("field", ParameterType.Text, "its column"),
                Optional("from_condition", ParameterType.Text, "the rows to check, as SQL", "1=1"),
                Optional("to_condition", ParameterType.Text, "the rows to look in, as SQL", "1=1"),
            ],
            Example = "{to: ref('customers'), field: id, from_condition: id < 5}",
            AllowsMostly = true,
            Build = c =>
            {
                var parent = c.Other("to");
                var field = c.Dialect.Quote(
                    parent.FindColumn(c.Args.Text("field") ?? "")?.Name ?? c.Args.Text("field") ?? ""
                );
                var from = SqlFragment.Parenthesize(c.Args.Text("from_condition") ?? "true");
                var rows = c.SourceOf(c.Relation, SqlFragment.And(c.Where, c.Args.Text("from_condition")));
                return new QueryMeasure(
                    $"select {c.Column} as from_field from {rows} where {c.Column} is not null and not exists (select 1 from (select {field} as strata_field "
                        + $"from {c.SourceOf(parent, c.Args.Text("to_condition"))}) as strata_parent where strata_field = {c.Dialect.Quote(c.Relation.Name)}.{c.Column})"
                )
                {
                    Considered = $"{c.Column} is not null and {from}",
                };
            },
        },
        new(
            "dbt_utils.equality",
            ExpectationTarget.Relation,
            "Another relation has the same different rows, in all columns or in some. Counts the rows that only one of the two has."
        )
        {
            Aliases = ["equality"],
            NeedsColumns = true,
            Parameters =
            [
                Other[0],
                Optional("compare_columns", ParameterType.Columns, "the columns to compare; by default all"),
                Optional("exclude_columns", ParameterType.Texts, "columns to leave out"),
                Optional(
                    "precision",
                    ParameterType.Integer,
                    "decimal places to which numbers that are not whole are compared"
                ),
            ],
            Example = "{compare_model: ref('customers'), compare_columns: [id]}",
            Build = Equality,
        },
        new(
            "unexpected_rows_expectation",
            ExpectationTarget.Relation,
            "A query over the relation, for which `{batch}` stands, gives no rows. (In a project of files, a singular test does the same.)"
        )
        {
            Parameters = [Required("unexpected_rows_query", ParameterType.Text, "the query")],
            Example = "{unexpected_rows_query: 'select * from {batch} where amount < 0'}",
            Build = c =>
            {
                var name = c.Dialect.Quote(c.Relation.Name);
                var query = (c.Args.Text("unexpected_rows_query") ?? "").Replace(
                    "{batch}",
                    name,
                    StringComparison.Ordinal
                );
                return new QueryMeasure(
                    $"with {name} as (select * from {c.Source})\nselect * from (\n{SqlFragment.Query(query)}\n) as rows_of_query"
                );
            },
        },
    ];

    /// <summary>An aggregate here against one there; with groups, each group, and a group on one side only fails.</summary>
    /// <param name="passes">Over <c>this_value</c> and <c>other_value</c>; by default equality within the tolerances.</param>
    public static QueryMeasure Compare(
        CheckContext c,
        string expression,
        string otherExpression,
        string? passes = null,
        string groups = "group_by"
    )
    {
        var other = c.Args.NodeId("compare_model") is null ? c.Relation : c.Other("compare_model");
        var keys = c.Expressions(groups);
        var otherKeys = c.Args.Has("compare_group_by") ? c.Expressions("compare_group_by") : keys;
        var here = Aggregate(keys, expression, "this_value", c.Source);
        var there = Aggregate(
            otherKeys,
            otherExpression,
            "other_value",
            c.SourceOf(other, c.Args.Text("compare_row_condition"))
        );
        var on = keys.IsEmpty
            ? "1 = 1"
            : string.Join(
                " and ",
                keys.Select((_, i) => c.Dialect.Sql.NullSafeEquals($"here.key_{i}", $"there.key_{i}"))
            );
        // Postgres joins fully only on conditions that it can hash or merge, which a null-safe comparison is not
        var columns = string.Concat(keys.Select((_, i) => $"key_{i}, "));
        return new QueryMeasure(
            $"select * from (select {string.Concat(keys.Select((_, i) => $"here.key_{i}, "))}this_value, other_value from ({here}) as here left join ({there}) as there on {on} "
                + $"union all select {columns}null, other_value from ({there}) as there where not exists (select 1 from ({here}) as here where {on})) as compared "
                + $"where not coalesce({passes ?? Within(c)}, false)"
        );

        static string Aggregate(ImmutableArray<string> keys, string expression, string name, string source)
        {
            var list = string.Concat(keys.Select((key, i) => $"{key} as key_{i}, "));
            var by = keys.IsEmpty ? "" : $" group by {string.Join(", ", keys)}";
            return $"select {list}{SqlFragment.Parenthesize(expression)} as {name} from {source}{by}";
        }
    }

    private static string Within(CheckContext c)
    {
        const string BothNull = "this_value is null and other_value is null";
        if (c.Args.Number("tolerance_percent") is { } share)
            return $"abs(this_value - other_value) <= {c.Dialect.Literal(share, TypeFamily.Float)} * abs(this_value) or {BothNull}";
        var tolerance = c.Args.Number("tolerance") ?? 0;
        return tolerance == 0
            ? c.Dialect.Sql.NullSafeEquals("this_value", "other_value")
            : $"abs(this_value - other_value) <= {c.Dialect.Literal(tolerance, TypeFamily.Float)} or {BothNull}";
    }

    private static QueryMeasure Equality(CheckContext c)
    {
        var other = c.Other("compare_model");
        var excluded = c.Args.Texts("exclude_columns");
        var named = c.Args.Texts("compare_columns");
        var columns = (c.Relation.Columns ?? [])
            .Where(column => named.IsEmpty || named.Any(n => c.Relation.FindColumn(n) == column))
            .Where(column => !excluded.Contains(column.Name, StringComparer.OrdinalIgnoreCase))
            .ToList();
        if (named.IsEmpty && other.Columns is { } others)
        {
            var names = columns.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var otherNames = others
                .Select(column => column.Name)
                .Except(excluded, StringComparer.OrdinalIgnoreCase)
                .ToList();
            if (!names.SetEquals(otherNames))
                return SchemaExpectations.Problems(
                    c,
                    [
                        .. names
                            .Except(otherNames, StringComparer.OrdinalIgnoreCase)
                            .Select(name => $"column only here: {name}"),
                        .. otherNames
                            .Where(name => !names.Contains(name))
                            .Select(name => $"column only there: {name}"),
                    ]
                );
        }
        var (here, there) = (Rows(c.Relation, c.Where), Rows(other, null));
        return new QueryMeasure(
            $"select 'only here' as found, compared.* from (({here}) except ({there})) as compared "
                + $"union all select 'only there', compared.* from (({there}) except ({here})) as compared"
        );

        string Rows(Planning.CheckRelation relation, string? where) =>
            $"select {string.Join(", ", columns.Select(Column))} from {c.SourceOf(relation, where)}";

        string Column(Planning.CheckColumn column)
        {
            var name = c.Dialect.Quote(column.Name);
            var isRounded = TypeNames.Classify(column.Type) is TypeFamily.Float or TypeFamily.Decimal;
            return c.Args.Number("precision") is { } places && isRounded
                ? $"round(cast({name} as decimal(38, {Math.Clamp(places + 6, 0, 18)})), {c.Args.Text("precision")}) as {name}"
                : name;
        }
    }

    private static string Whole(CheckContext c, object? value) =>
        c.Dialect.Literal(CheckArguments.ToNumber(value), TypeFamily.Integer);
}
