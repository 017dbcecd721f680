using System.Collections.Immutable;
using Strata.Conformance.Expectations;
using static Strata.Tests.Engine.Tests.Properties.NaiveCheck;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>Checks of one figure about a column: aggregates, and how often values occur.</summary>
internal static class NaiveFigureChecks
{
    public static readonly ImmutableArray<NaiveCheck> Aggregates =
    [
        .. Both(
            "min",
            "d",
            0,
            rows => rows.Select(r => r.D).OfType<double>().Order(Order).Cast<double?>().FirstOrDefault(),
            Order
        ),
        .. Both("mean", "a", 0.5, rows => Mean(Values(rows))),
        .. Both("median", "a", 0.5, rows => Quantile(Values(rows), 0.5)),
        .. Both("stdev", "a", 1.85, rows => Deviation(Values(rows))),
        new(
            Given.Test("dbt_expectations.expect_column_max_to_be_between", "d", null, ("min_value", 2L)),
            rows =>
                Fails(
                    !rows.Any(r => r.D is not null) || rows.Any(r => r.D is { } d && Order.Compare(d, 2) >= 0)
                )
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_sum_to_be_between",
                "a",
                null,
                ("min_value", 0L),
                ("group_by", List("b"))
            ),
            rows => rows.GroupBy(r => r.B).Count(g => Total(g, r => r.A) < 0)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_unique_value_count_to_be_between",
                "d",
                null,
                ("max_value", 3L)
            ),
            rows => Fails(Different(rows, r => r.D) <= 3)
        ),
        new(
            Given.Test(
                "expect_column_proportion_of_unique_values_to_be_between",
                "s",
                null,
                ("min_value", 0.75)
            ),
            rows => Fails(rows.Any(r => r.S is not null) && ShareOfUnique(rows) >= 0.75)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_proportion_of_unique_values_to_be_between",
                "s",
                null,
                ("min_value", 0.75)
            ),
            rows => Fails(!rows.Any(r => r.S is not null) || ShareOfUnique(rows) >= 0.75)
        ),
        new(
            Given.Test(
                "expect_column_quantile_values_to_be_between",
                "a",
                null,
                (
                    "quantile_ranges",
                    new Dictionary<string, object?>
                    {
                        ["quantiles"] = List(0.25, 0.5),
                        ["value_ranges"] = List(List(-1L, 3L), List(0L, null)),
                    }
                )
            ),
            rows =>
                Fails(Occurring(Values(rows), 0.25) is >= -1 and <= 3 && Occurring(Values(rows), 0.5) >= 0)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_quantile_values_to_be_between",
                "a",
                null,
                ("quantile", 0.25),
                ("max_value", 1L)
            ),
            rows => Fails(Quantile(Values(rows), 0.25) is null or <= 1)
        ),
    ];

    public static readonly ImmutableArray<NaiveCheck> Distinct =
    [
        new(
            Given.Test(
                "expect_column_distinct_values_to_be_in_set",
                "s",
                null,
                ("value_set", List("a", "A", "7"))
            ),
            rows =>
                rows.Where(r => r.S is not (null or "a" or "A" or "7")).Select(r => r.S).Distinct().Count()
        ),
        new(
            Given.Test(
                "expect_column_distinct_values_to_equal_set",
                "d",
                null,
                ("value_set", List(0L, 2.5, double.NaN))
            ),
            rows =>
            {
                var values = rows.Select(r => r.D).OfType<double>().ToHashSet();
                values.SymmetricExceptWith([0, 2.5, double.NaN]);
                return values.Count;
            }
        ),
        new(
            Given.Test(
                "expect_column_most_common_value_to_be_in_set",
                "s",
                null,
                ("value_set", List("a", ""))
            ),
            rows => Fails(MostCommon(rows.Where(r => r.S is not null)) is ["a" or ""])
        ),
        new(
            Given.Test(
                "expect_column_most_common_value_to_be_in_set",
                "s",
                null,
                ("value_set", List("a", "")),
                ("ties_okay", true)
            ),
            rows => Fails(MostCommon(rows.Where(r => r.S is not null)).Any(s => s is "a" or ""))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_most_common_value_to_be_in_set",
                "s",
                null,
                ("value_set", List("a", ""))
            ),
            rows => MostCommon(rows).Count(s => s is not ("a" or ""))
        ),
        new(
            Given.Test("dbt_expectations.expect_column_distinct_count_to_equal", "d", null, ("value", 3L)),
            rows => Fails(Different(rows, r => r.D) == 3)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_distinct_count_to_be_greater_than",
                "s",
                null,
                ("value", 2L)
            ),
            rows => Fails(Different(rows, r => r.S) > 2)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_distinct_count_to_be_less_than",
                "s",
                null,
                ("value", 2L),
                ("group_by", List("a"))
            ),
            rows => rows.GroupBy(r => r.A).Count(g => Different(g, r => r.S) >= 2)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_distinct_count_to_equal_other_table",
                "a",
                null,
                ("compare_model", Other),
                ("compare_column_name", "b"),
                ("compare_row_condition", "a > 0")
            ),
            (rows, others) =>
                Fails(Different(rows, r => r.A) == Different(others.Where(r => r.A > 0), r => r.B))
        ),
        new(
            Given.Test("dbt_utils.at_least_one", "d", null, ("group_by_columns", List("a"))),
            rows => rows.GroupBy(r => r.A).Count(g => g.All(r => r.D is null))
        ),
        new(Given.Test("dbt_utils.at_least_one", "s"), rows => Fails(rows.Any(r => r.S is not null))),
        new(
            Given.Test("dbt_utils.not_null_proportion", "d", null, ("at_least", 0.75)),
            rows => Fails(rows.Length == 0 || rows.Count(r => r.D is not null) >= 0.75 * rows.Length)
        ),
        new(
            Given.Test("dbt_utils.cardinality_equality", "s", null, ("to", Other), ("field", "s")),
            (rows, others) =>
            {
                var (here, there) = (Cardinalities(rows), Cardinalities(others));
                here.SymmetricExceptWith(there);
                return here.Count;
            }
        ),
    ];

    /// <summary>The figure at least so great, by the expectation that fails without one and by dbt's, which passes.</summary>
    private static IEnumerable<NaiveCheck> Both(
        string name,
        string column,
        double least,
        Func<Row[], double?> figure,
        IComparer<double>? order = null
    )
    {
        var comparer = order ?? Comparer<double>.Default;
        yield return new(
            Given.Test($"expect_column_{name}_to_be_between", column, null, ("min_value", least)),
            rows => Fails(figure(rows) is { } value && comparer.Compare(value, least) >= 0)
        );
        yield return new(
            Given.Test(
                $"dbt_expectations.expect_column_{name}_to_be_between",
                column,
                null,
                ("min_value", least)
            ),
            rows => Fails(figure(rows) is not { } value || comparer.Compare(value, least) >= 0)
        );
    }

    private static double[] Values(Row[] rows) =>
        [.. rows.Select(r => (double?)r.A).OfType<double>().Order()];

    private static double? Quantile(double[] sorted, double share)
    {
        if (sorted.Length == 0)
            return null;
        var place = share * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + (place - Math.Floor(place)) * (above - below);
    }

    private static double? Occurring(double[] sorted, double share) =>
        sorted.Length == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    private static double ShareOfUnique(Row[] rows) =>
        (double)Different(rows, r => r.S) / rows.Count(r => r.S is not null);

    private static string?[] MostCommon(IEnumerable<Row> rows)
    {
        var groups = rows.GroupBy(r => r.S).ToList();
        return [.. groups.Where(g => g.Count() == groups.Max(other => other.Count())).Select(g => g.Key)];
    }

    private static HashSet<(string?, int)> Cardinalities(Row[] rows) =>
        [.. rows.GroupBy(r => r.S).Select(g => (g.Key, g.Count()))];
}
