using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Conformance.Expectations;
using static Strata.Tests.Engine.Tests.Properties.NaiveCheck;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>Checks of rows together: their number, their order, their age, other relations.</summary>
internal static class NaiveTableChecks
{
    public static readonly ImmutableArray<NaiveCheck> Relations =
    [
        new(
            Given.Test("relationships", "a", null, ("to", Other), ("field", "b")),
            (rows, others) => rows.Count(r => r.A is not null && others.All(o => o.B != r.A))
        ),
        new(
            Given.Test(
                "relationships",
                "s",
                new TestConfig { Where = "a > 0" },
                ("to", Other),
                ("field", "s")
            ),
            (rows, others) => rows.Count(r => r.A > 0 && r.S is not null && others.All(o => o.S != r.S))
        ),
        new(
            Given.Test(
                "dbt_utils.relationships_where",
                "a",
                null,
                ("to", Other),
                ("field", "a"),
                ("from_condition", "b > 0"),
                ("to_condition", "s is not null")
            ),
            (rows, others) =>
                rows.Count(r => r.B > 0 && r.A is not null && !others.Any(o => o.S is not null && o.A == r.A))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_table_row_count_to_be_between",
                null,
                null,
                ("max_value", 6L)
            ),
            rows => Fails(rows.Length <= 6)
        ),
        new(
            Given.Test("expect_table_row_count_to_equal", null, null, ("value", 4L)),
            rows => Fails(rows.Length == 4)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_table_row_count_to_equal",
                null,
                null,
                ("value", 1L),
                ("group_by", List("a"))
            ),
            rows => rows.GroupBy(r => r.A).Count(g => g.Count() != 1)
        ),
        new(
            Given.Test("expect_table_row_count_to_equal_other_table", null, null, ("compare_model", Other)),
            (rows, others) => Fails(rows.Length == others.Length)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_table_row_count_to_equal_other_table_times_factor",
                null,
                null,
                ("compare_model", Other),
                ("factor", 2L)
            ),
            (rows, others) => Fails(rows.Length == 2 * others.Length)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_table_aggregation_to_equal_other_table",
                null,
                null,
                ("expression", "sum(a)"),
                ("compare_model", Other),
                ("group_by", List("b"))
            ),
            (rows, others) =>
                rows.Concat(others)
                    .Select(r => r.B)
                    .Distinct()
                    .Count(b =>
                        Total(rows.Where(r => r.B == b), r => r.A)
                        != Total(others.Where(r => r.B == b), r => r.A)
                    )
        ),
        new(
            Given.Test(
                "dbt_utils.equal_rowcount",
                null,
                null,
                ("compare_model", Other),
                ("group_by_columns", List("s"))
            ),
            (rows, others) =>
                rows.Concat(others)
                    .Select(r => r.S)
                    .Distinct()
                    .Count(s => rows.Count(r => r.S == s) != others.Count(r => r.S == s))
        ),
        new(
            Given.Test("dbt_utils.fewer_rows_than", null, null, ("compare_model", Other)),
            (rows, others) => Fails(rows.Length < others.Length)
        ),
        new(
            Given.Test(
                "dbt_utils.equality",
                null,
                null,
                ("compare_model", Other),
                ("compare_columns", List("a", "d", "s"))
            ),
            (rows, others) =>
            {
                var here = rows.Select(r => (r.A, r.D, r.S)).ToHashSet();
                here.SymmetricExceptWith(others.Select(r => (r.A, r.D, r.S)));
                return here.Count;
            }
        ),
        new(
            Given.Test(
                "unexpected_rows_expectation",
                null,
                null,
                ("unexpected_rows_query", "select * from {batch} where a < b")
            ),
            rows => rows.Count(r => r.A < r.B)
        ),
    ];

    public static readonly ImmutableArray<NaiveCheck> Orders =
    [
        new(
            Given.Test(
                "expect_column_values_to_be_decreasing",
                "a",
                null,
                ("sort_column", "place"),
                ("strictly", true)
            ),
            rows => Neighbours(rows.Select(r => r.A).OfType<long>()).Count(pair => pair.Next >= pair.Previous)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_be_increasing",
                "a",
                null,
                ("sort_column", "place"),
                ("strictly", false)
            ),
            rows => rows.Zip(rows.Skip(1)).Count(pair => pair.Second.A < pair.First.A)
        ),
        new(
            Given.Test("dbt_utils.sequential_values", "a"),
            rows =>
                Neighbours(rows.Select(r => r.A).OfType<long>().Order())
                    .Count(pair => pair.Next != pair.Previous + 1)
        ),
        new(
            Given.Test(
                "dbt_utils.mutually_exclusive_ranges",
                null,
                null,
                ("lower_bound_column", "a"),
                ("upper_bound_column", "b")
            ),
            Overlaps
        ),
        new(
            Given.Test("expect_column_value_z_scores_to_be_less_than", "a", null, ("threshold", 1.05)),
            rows => FarFromMean(rows.Select(r => (double?)r.A))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_be_within_n_stdevs",
                "a",
                null,
                ("sigma_threshold", 1.05),
                ("group_by", List("b"))
            ),
            rows => FarFromMean(rows.GroupBy(r => r.B).Select(g => (double?)Total(g, r => r.A)))
        ),
    ];

    /// <summary>Column <c>t</c> is a day: a 0 in <c>a</c> is today, at midnight.</summary>
    public static readonly ImmutableArray<NaiveCheck> Ages =
    [
        new(
            Given.Test(
                "freshness",
                "t",
                null,
                ("max_age", new Dictionary<string, object?> { ["count"] = 1L, ["period"] = "day" })
            ),
            rows => Fails(rows.Any(r => r.A >= 0))
        ),
        new(
            Given.Test("volume", "t", null, ("per", "day"), ("min_value", 1L), ("max_value", 2L)),
            rows => Days(rows).Count(n => n is < 1 or > 2)
        ),
        new(Given.Test("volume", null, null, ("min_value", 5L)), rows => Fails(rows.Length >= 5)),
        new(
            Given.Test(
                "dbt_utils.recency",
                null,
                null,
                ("datepart", "day"),
                ("field", "t"),
                ("interval", 2L),
                ("group_by_columns", List("s"))
            ),
            rows => rows.GroupBy(r => r.S).Count(g => !g.Any(r => r.A >= -1))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_row_values_to_have_recent_data",
                "t",
                null,
                ("datepart", "hour"),
                ("interval", 36L)
            ),
            rows => Fails(rows.Any(r => r.A is -1 or 0))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_grouped_row_values_to_have_recent_data",
                null,
                null,
                ("group_by", List("b")),
                ("timestamp_column", "t"),
                ("datepart", "day"),
                ("interval", 2L)
            ),
            rows => rows.GroupBy(r => r.B).Count(g => !g.Any(r => r.A is -1 or 0))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_row_values_to_have_data_for_every_n_datepart",
                null,
                null,
                ("date_col", "t")
            ),
            rows => Days(rows).Count(n => n == 0)
        ),
    ];

    /// <summary>How many rows each day from the first to the last has.</summary>
    private static IEnumerable<int> Days(Row[] rows)
    {
        var days = rows.Select(r => r.A).OfType<long>().ToList();
        if (days.Count == 0)
            yield break;
        for (var day = days.Min(); day <= days.Max(); day++)
            yield return days.Count(d => d == day);
    }

    private static long Overlaps(Row[] rows)
    {
        var sorted = rows.OrderBy(r => r.A is null)
            .ThenBy(r => r.A)
            .ThenBy(r => r.B is null)
            .ThenBy(r => r.B)
            .ToList();
        return sorted
            .Where((r, i) => !(r.A < r.B && (i == sorted.Count - 1 || r.B <= sorted[i + 1].A)))
            .Count();
    }

    private static long FarFromMean(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return Deviation(known) is { } deviation and > 0
            ? known.Count(value => Math.Abs((value - known.Average()) / deviation) >= 1.05)
            : 0;
    }
}
