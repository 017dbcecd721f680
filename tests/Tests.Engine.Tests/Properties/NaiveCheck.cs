using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Conformance.Expectations;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>A test and what it must count, written down without SQL: loops over rows, three-valued logic by hand.</summary>
/// <param name="Failures">What it must count, over its own rows and those of the other relation.</param>
internal sealed record NaiveCheck(
    TestNode Test,
    Func<Row[], Row[], long> Failures,
    Func<Row[], long>? Checked = null
)
{
    public NaiveCheck(TestNode test, Func<Row[], long> failures, Func<Row[], long>? rows = null)
        : this(test, (own, _) => failures(own), rows) { }

    internal const double Most = 0.7;

    /// <summary>The other relation, for checks that compare.</summary>
    internal static readonly Given.Ref Other = new("other");

    /// <summary>Where NaN is a value like others, equal to itself and above infinity, as both engines have it.</summary>
    internal static readonly Comparer<double> Order = Comparer<double>.Create(
        (x, y) =>
            (double.IsNaN(x), double.IsNaN(y)) switch
            {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => -1,
                _ => x.CompareTo(y),
            }
    );

    public static readonly ImmutableArray<NaiveCheck> All =
    [
        .. NaiveRowChecks.Values,
        .. NaiveRowChecks.Text,
        .. NaiveRowChecks.Columns,
        .. NaiveFigureChecks.Aggregates,
        .. NaiveFigureChecks.Distinct,
        .. NaiveTableChecks.Relations,
        .. NaiveTableChecks.Orders,
        .. NaiveTableChecks.Ages,
        new(Given.Test("not_null", "a"), rows => rows.Count(r => r.A is null)),
        new(Given.Test("not_null", "s"), rows => rows.Count(r => r.S is null)),
        new(
            Given.Test("not_null", "d", new TestConfig { Where = "a > 0" }),
            rows => rows.Count(r => r.A > 0 && r.D is null)
        ),
        new(Given.Test("expect_column_values_to_be_null", "d"), rows => rows.Count(r => r.D is not null)),
        new(
            Given.Test("unique", "s"),
            rows => Duplicates(rows.Where(r => r.S is not null), r => r.S).Count()
        ),
        new(
            Given.Test("unique", "d"),
            rows => Duplicates(rows.Where(r => r.D is not null), r => r.D).Count()
        ),
        new(
            Given.Test("expect_column_values_to_be_unique", "a"),
            rows => Duplicates(rows.Where(r => r.A is not null), r => r.A).Sum(g => g.Count())
        ),
        new(
            Given.Test("expect_compound_columns_to_be_unique", null, null, ("column_list", List("a", "s"))),
            rows =>
                Duplicates(rows.Where(r => r.A is not null || r.S is not null), r => (r.A, r.S))
                    .Sum(g => g.Count())
        ),
        new(
            Given.Test(
                "dbt_utils.unique_combination_of_columns",
                null,
                null,
                ("combination_of_columns", List("b", "d"))
            ),
            rows => Duplicates(rows, r => (r.B, r.D)).Count()
        ),
        new(
            Given.Test("accepted_values", "s", null, ("values", List("a", "it's", "日本", "a\\b"))),
            rows =>
                rows.Where(r => r.S is not null && r.S is not ("a" or "it's" or "日本" or "a\\b"))
                    .Select(r => r.S)
                    .Distinct()
                    .Count()
        ),
        new(
            Given.Test("expect_column_values_to_be_in_set", "a", null, ("value_set", List(1L, 2L, null))),
            rows => rows.Count(r => r.A is not null and not (1 or 2))
        ),
        new(
            Given.Test(
                "expect_column_values_to_not_be_in_set",
                "d",
                null,
                ("value_set", List(1L, 2.5, double.NaN))
            ),
            rows => rows.Count(r => r.D is 1 or 2.5 or double.NaN)
        ),
        new(
            Given.Test(
                "expect_column_values_to_be_between",
                "d",
                null,
                ("min_value", -3L),
                ("max_value", 2.5),
                ("strict_min", true)
            ),
            rows => rows.Count(r => r.D is { } d && (Order.Compare(d, -3) <= 0 || Order.Compare(d, 2.5) > 0))
        ),
        new(
            Given.Test(
                "expect_column_values_to_be_between",
                "a",
                new TestConfig { Mostly = Most },
                ("min_value", 0L)
            ),
            rows => rows.Count(r => r.A < 0),
            rows => rows.Count(r => r.A is not null)
        ),
        new(
            Given.Test("dbt_utils.accepted_range", "b", null, ("max_value", 3L), ("inclusive", false)),
            rows => rows.Count(r => r.B >= 3)
        ),
        new(
            Given.Test(
                "expect_column_value_lengths_to_be_between",
                "s",
                null,
                ("min_value", 1L),
                ("max_value", 2L)
            ),
            rows => rows.Count(r => r.S is { } s && s.EnumerateRunes().Count() is < 1 or > 2)
        ),
        new(
            Given.Test("expect_column_values_to_match_regex", "s", null, ("regex", "^a.?")),
            rows => rows.Count(r => r.S is { } s && !s.StartsWith('a'))
        ),
        new(
            Given.Test("expect_column_values_to_not_match_like_pattern", "s", null, ("like_pattern", "%'%")),
            rows => rows.Count(r => r.S is { } s && s.Contains('\''))
        ),
        new(
            Given.Test(
                "expect_column_pair_values_a_to_be_greater_than_b",
                null,
                null,
                ("column_A", "a"),
                ("column_B", "b")
            ),
            rows => rows.Count(r => (r.A is not null || r.B is not null) && !(r.A > r.B))
        ),
        new(
            Given.Test(
                "expect_column_pair_values_to_be_equal",
                null,
                new TestConfig { Mostly = Most },
                ("column_A", "a"),
                ("column_B", "b"),
                ("ignore_row_if", "either_value_is_missing")
            ),
            rows => rows.Count(r => r.A is not null && r.B is not null && r.A != r.B),
            rows => rows.Count(r => r.A is not null && r.B is not null)
        ),
        new(
            Given.Test(
                "expect_multicolumn_sum_to_equal",
                null,
                null,
                ("column_list", List("a", "b")),
                ("sum_total", 3L)
            ),
            rows => rows.Count(r => (r.A is not null || r.B is not null) && r.A + r.B != 3)
        ),
        new(
            Given.Test(
                "expect_select_column_values_to_be_unique_within_record",
                null,
                null,
                ("column_list", List("a", "b"))
            ),
            rows => rows.Count(r => r.A is not null && r.A == r.B)
        ),
        new(
            Given.Test("expect_column_values_to_be_increasing", "a", null, ("sort_column", "place")),
            rows => Neighbours(rows.Select(r => r.A).OfType<long>()).Count(pair => pair.Next < pair.Previous)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_be_decreasing",
                "d",
                null,
                ("sort_column", "place")
            ),
            // null neighbours make the comparison null, and so pass
            rows =>
                rows.Zip(rows.Skip(1))
                    .Count(pair =>
                        pair.First.D is { } p && pair.Second.D is { } n && Order.Compare(n, p) >= 0
                    )
        ),
        new(
            Given.Test("expect_column_max_to_be_between", "d", null, ("max_value", 5L)),
            rows =>
                Fails(
                    rows.Any(r => r.D is not null)
                        && Order.Compare(rows.Select(r => r.D).Max(Greatest)!.Value, 5) <= 0
                )
        ),
        new(
            Given.Test(
                "expect_column_sum_to_be_between",
                "a",
                null,
                ("min_value", 0L),
                ("max_value", 6L),
                ("strict_max", true)
            ),
            rows => Fails(rows.Any(r => r.A is not null) && rows.Sum(r => r.A) is >= 0 and < 6)
        ),
        new(
            Given.Test(
                "expect_column_unique_value_count_to_be_between",
                "s",
                null,
                ("min_value", 2L),
                ("max_value", 4L)
            ),
            rows =>
                Fails(rows.Where(r => r.S is not null).Select(r => r.S).Distinct().Count() is >= 2 and <= 4)
        ),
        new(
            Given.Test(
                "expect_table_row_count_to_be_between",
                null,
                new TestConfig { Where = "b is not null" },
                ("min_value", 3L)
            ),
            rows => Fails(rows.Count(r => r.B is not null) >= 3)
        ),
        new(
            Given.Test(
                "expect_column_distinct_values_to_contain_set",
                "s",
                null,
                ("value_set", List("a", "🙂", "nowhere"))
            ),
            rows => new[] { "a", "🙂", "nowhere" }.Except(rows.Select(r => r.S)).Count()
        ),
        new(
            Given.Test("dbt_utils.not_constant", "a"),
            rows => Fails(rows.Select(r => r.A).OfType<long>().Distinct().Count() != 1)
        ),
        new(
            Given.Test("expect", null, null, ("expression", "a + b > 0 or s = 'a'")),
            rows => rows.Count(r => Or(Greater(r.A + r.B, 0), Equal(r.S, "a")) == false)
        ),
        new(
            Given.Test("dbt_utils.not_empty_string", "s"),
            rows => rows.Count(r => r.S is { } s && s.Trim(' ').Length == 0)
        ),
    ];

    /// <summary>Whether the test passes: no failure or, with mostly, few enough of the checked rows.</summary>
    public bool Passes(Row[] rows, Row[] others)
    {
        var failures = Failures(rows, others);
        if (Checked is null)
            return failures == 0;
        var all = Checked(rows);
        return all == 0 || (double)(all - failures) / all >= Most;
    }

    private static readonly Comparer<double?> Greatest = Comparer<double?>.Create(
        (x, y) =>
            x is null ? (y is null ? 0 : -1)
            : y is null ? 1
            : Order.Compare(x.Value, y.Value)
    );

    internal static long Fails(bool passes) => passes ? 0 : 1;

    internal static bool? Greater(long? value, long? limit) =>
        value is null || limit is null ? null : value > limit;

    internal static bool? Less(long? value, long? limit) => Greater(limit, value);

    internal static bool? Equal(string? value, string other) => value is null ? null : value == other;

    internal static bool? Equal(long? value, long other) => value is null ? null : value == other;

    internal static bool? Not(bool? x) => !x;

    internal static bool? And(bool? x, bool? y) => !Or(!x, !y);

    internal static bool? Or(bool? x, bool? y) =>
        x == true || y == true ? true
        : x is null || y is null ? null
        : false;

    private static IEnumerable<IGrouping<TKey, Row>> Duplicates<TKey>(
        IEnumerable<Row> rows,
        Func<Row, TKey> key
    ) => rows.GroupBy(key).Where(g => g.Count() > 1);

    internal static IEnumerable<(long Previous, long Next)> Neighbours(IEnumerable<long> values)
    {
        var list = values.ToList();
        return list.Zip(list.Skip(1));
    }

    internal static int Different<T>(IEnumerable<Row> rows, Func<Row, T> value) =>
        rows.Select(value).Where(v => v is not null).Distinct().Count();

    /// <summary>The sum of the values; null where there is none.</summary>
    internal static long? Total(IEnumerable<Row> rows, Func<Row, long?> value)
    {
        var values = rows.Select(value).OfType<long>().ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    internal static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    /// <summary>The sample standard deviation; null of fewer than two values.</summary>
    internal static double? Deviation(double[] values) =>
        values.Length < 2
            ? null
            : Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1));

    internal static ImmutableArray<object?> List(params object?[] items) => [.. items];
}
