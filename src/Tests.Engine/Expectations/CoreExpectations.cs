using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>The four that everyone knows, with dbt's meaning and dbt's way of counting.</summary>
internal static class CoreExpectations
{
    public static readonly ImmutableArray<Expectation> All =
    [
        new("not_null", ExpectationTarget.Column, "No value is null.")
        {
            ExampleColumn = "amount",
            Aliases =
            [
                "expect_column_values_to_not_be_null",
                "dbt_expectations.expect_column_values_to_not_be_null",
            ],
            AllowsMostly = true,
            Build = c => new RowMeasure($"{c.Column} is null") { Count = $"count(*) - count({c.Column})" },
        },
        new(
            "unique",
            ExpectationTarget.Column,
            "No value occurs twice; nulls pass. Counts the values that do."
        )
        {
            ExampleColumn = "id",
            Build = c => new QueryMeasure(
                $"select {c.Column} as unique_field, count(*) as n_records from {c.Source} "
                    + $"where {c.Column} is not null group by {c.Column} having count(*) > 1"
            )
            {
                ConsideredColumn = c.Column,
                Counts = "repeated value",
                Samples =
                    $"select * from {c.Source} where {c.Column} in (select {c.Column} from {c.Source} "
                    + $"group by {c.Column} having count(*) > 1) order by {c.Column}",
            },
        },
        new(
            "accepted_values",
            ExpectationTarget.Column,
            "Every value is one of a list; nulls pass. Counts the different values that are not."
        )
        {
            Parameters =
            [
                Required("values", ParameterType.Values, "the accepted values") with
                {
                    QuotedBy = "quote",
                },
                Optional("quote", ParameterType.Boolean, "false: each value is a SQL expression", true),
            ],
            Example = "{values: [placed, shipped]}",
            Build = c => new RowMeasure(NotIn(c, "values", "quote"))
            {
                CountedBy = c.Column,
                ReadsText = c.ReadsText,
            },
        },
        new(
            "relationships",
            ExpectationTarget.Column,
            "Every value occurs in a column of another relation; nulls pass. Counts rows."
        )
        {
            ExampleColumn = "customer_id",
            Parameters =
            [
                Required("to", ParameterType.Relation, "the other relation"),
                Required("field", ParameterType.Text, "its column"),
            ],
            Example = "{to: ref('customers'), field: id}",
            AllowsMostly = true,
            Build = c =>
            {
                var parent = c.Other("to");
                var field = c.Dialect.Quote(
                    parent.FindColumn(c.Args.Text("field") ?? "")?.Name ?? c.Args.Text("field") ?? ""
                );
                // a column of the parent that is JSON and called as this relation would hide it from the subquery
                var fails =
                    $"{c.Column} is not null and not exists "
                    + $"(select 1 from (select {field} as strata_field from {parent.Sql} as strata_rows) as strata_parent where strata_field = {c.Dialect.Quote(c.Relation.Name)}.{c.Column})";
                var orphans = $"from {c.Source} where {fails}";
                return new QueryMeasure($"select {c.Column} as from_field {orphans}")
                {
                    ConsideredColumn = c.Column,
                    Samples = $"select * {orphans}",
                    FailingRow = fails,
                };
            },
        },
    ];

    /// <summary>A condition for the rows whose value is not null and not in a list.</summary>
    internal static string NotIn(CheckContext c, string values, string quote)
    {
        var list = Literals(c, values, quote);
        return list.Length == 0
            ? $"{c.Column} is not null"
            : $"{c.Column} not in ({string.Join(", ", list)})";
    }

    /// <summary>The members of a list that are not null, as literals of the column's type, or as the SQL that they are.</summary>
    internal static ImmutableArray<string> Literals(CheckContext c, string values, string quote)
    {
        var isQuoted = c.Args.Value(quote) is not false;
        return
        [
            .. c
                .Args.List(values)
                .Where(v => v is not null)
                .Select(v =>
                    isQuoted ? c.Literal(v) : Convert.ToString(v, CultureInfo.InvariantCulture) ?? "null"
                ),
        ];
    }
}
