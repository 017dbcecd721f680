using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Conformance.Expectations;
using static Strata.Tests.Engine.Tests.Properties.NaiveCheck;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>Checks that judge each row by itself: values, text, several columns.</summary>
internal static class NaiveRowChecks
{
    public static readonly ImmutableArray<NaiveCheck> Values =
    [
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_be_in_set",
                "s",
                null,
                ("value_set", List("a", "日本"))
            ),
            rows => rows.Where(r => r.S is not ("a" or "日本")).Select(r => r.S).Distinct().Count()
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_not_be_in_set",
                "d",
                null,
                ("value_set", List(1L, double.NaN))
            ),
            rows => rows.Where(r => r.D is 1 or double.NaN).Select(r => r.D).Distinct().Count()
        ),
        new(
            Given.Test("dbt_utils.not_accepted_values", "s", null, ("values", List("it's", "🙂"))),
            rows => rows.Where(r => r.S is "it's" or "🙂").Select(r => r.S).Distinct().Count()
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_be_between",
                "a",
                null,
                ("min_value", "b"),
                ("max_value", 4L),
                ("strictly", true)
            ),
            rows => rows.Count(r => Or(Not(Greater(r.A, r.B)), Not(Less(r.A, 4))) == true)
        ),
        new(
            Given.Test("dbt_utils.expression_is_true", "a", null, ("expression", ">= b")),
            rows => rows.Count(r => r.A < r.B)
        ),
    ];

    public static readonly ImmutableArray<NaiveCheck> Text =
    [
        new(
            Given.Test(
                "dbt_expectations.expect_column_value_lengths_to_be_between",
                "s",
                null,
                ("min_value", 2L)
            ),
            rows => rows.Count(r => r.S is { } s && Length(s) < 2)
        ),
        new(
            Given.Test("expect_column_value_lengths_to_equal", "s", null, ("value", 1L)),
            rows => rows.Count(r => r.S is { } s && Length(s) != 1)
        ),
        new(
            Given.Test("expect_column_values_to_not_match_regex", "s", null, ("regex", "[a-z]'")),
            rows => rows.Count(r => r.S is "it's")
        ),
        new(
            Given.Test(
                "expect_column_values_to_match_regex_list",
                "s",
                null,
                ("regex_list", List("^a", "b$")),
                ("match_on", "all")
            ),
            rows => rows.Count(r => r.S is { } s && !(s.StartsWith('a') && s.EndsWith('b')))
        ),
        new(
            Given.Test(
                "expect_column_values_to_not_match_regex_list",
                "s",
                null,
                ("regex_list", List("^a", "b$"))
            ),
            rows => rows.Count(r => r.S is { } s && (s.StartsWith('a') || s.EndsWith('b')))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_match_regex",
                "s",
                null,
                ("regex", "^a"),
                ("flags", "i")
            ),
            rows => rows.Count(r => r.S is { } s && !(s.StartsWith('a') || s.StartsWith('A')))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_not_match_regex",
                "s",
                null,
                ("regex", "^ *$")
            ),
            rows => rows.Count(r => r.S is { } s && s.Trim(' ').Length == 0)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_match_regex_list",
                "s",
                null,
                ("regex_list", List("^a", "b$"))
            ),
            rows => rows.Count(r => r.S is { } s && !s.StartsWith('a') && !s.EndsWith('b'))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_not_match_regex_list",
                "s",
                null,
                ("regex_list", List("^a", "b$"))
            ),
            rows => rows.Count(r => r.S is { } s && s.StartsWith('a') && s.EndsWith('b'))
        ),
        new(
            Given.Test("expect_column_values_to_match_like_pattern", "s", null, ("like_pattern", "_")),
            rows => rows.Count(r => r.S is { } s && Length(s) != 1)
        ),
        new(
            Given.Test(
                "expect_column_values_to_match_like_pattern_list",
                "s",
                new TestConfig { Mostly = Most },
                ("like_pattern_list", List("a%", "%b"))
            ),
            rows => rows.Count(r => r.S is { } s && !s.StartsWith('a') && !s.EndsWith('b')),
            rows => rows.Count(r => r.S is not null)
        ),
        new(
            Given.Test(
                "expect_column_values_to_not_match_like_pattern_list",
                "s",
                null,
                ("like_pattern_list", List("a%", "%本"))
            ),
            rows => rows.Count(r => r.S is { } s && (s.StartsWith('a') || s.EndsWith('本')))
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_values_to_not_match_like_pattern_list",
                "s",
                null,
                ("like_pattern_list", List("a%", "%b")),
                ("match_on", "all")
            ),
            rows => rows.Count(r => r.S is { } s && (s.StartsWith('a') || s.EndsWith('b')))
        ),
        new(
            Given.Test(
                "expect_column_values_to_match_strftime_format",
                "s",
                null,
                ("strftime_format", "%Y-%m-%d")
            ),
            rows => rows.Count(r => r.S is { } s && s != "2026-02-28")
        ),
        new(
            Given.Test("expect_column_values_to_be_json_parseable", "s"),
            rows => rows.Count(r => r.S is { } s && s is not ("7" or "[1, 2]"))
        ),
        new(
            Given.Test("dbt_expectations.expect_column_values_to_have_consistent_casing", "s"),
            rows =>
                rows.Where(r => r.S is not null)
                    .GroupBy(r => r.S!.ToLowerInvariant())
                    .Count(g => g.Select(r => r.S).Distinct().Count() > 1)
        ),
    ];

    public static readonly ImmutableArray<NaiveCheck> Columns =
    [
        new(
            Given.Test("expect_column_pair_values_to_be_in_set", null, null, [.. AAndB, Pairs]),
            rows => rows.Count(r => (r.A is not null || r.B is not null) && InPairs(r) != true)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_pair_values_to_be_in_set",
                null,
                null,
                [.. AAndB, Pairs]
            ),
            rows => rows.Count(r => InPairs(r) == false)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_column_pair_values_A_to_be_greater_than_B",
                null,
                null,
                [.. AAndB, ("or_equal", true)]
            ),
            rows => rows.Count(r => r.A < r.B)
        ),
        new(
            Given.Test("dbt_expectations.expect_column_pair_values_to_be_equal", null, null, AAndB),
            rows => rows.Count(r => r.A is not null && r.B is not null && r.A != r.B)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_multicolumn_sum_to_equal",
                null,
                null,
                ("column_list", List("a", "b")),
                ("sum_total", 3L)
            ),
            rows => Fails(Total(rows, r => r.A) + Total(rows, r => r.B) is null or 3)
        ),
        new(
            Given.Test(
                "dbt_expectations.expect_multicolumn_sum_to_equal",
                null,
                null,
                ("column_list", List("a")),
                ("sum_total", "b"),
                ("group_by", List("s"))
            ),
            rows =>
                rows.GroupBy(r => r.S)
                    .Count(g => Total(g, r => r.A) is { } a && Total(g, r => r.B) is { } b && a != b)
        ),
    ];

    private static (string Name, object? Value)[] AAndB => [("column_A", "a"), ("column_B", "b")];

    private static (string Name, object? Value) Pairs =>
        ("value_pairs_set", List(List(1L, 2L), List(null, 0L)));

    private static bool? InPairs(Row r) =>
        Or(And(Equal(r.A, 1), Equal(r.B, 2)), And(r.A is null, Equal(r.B, 0)));

    private static int Length(string text) => text.EnumerateRunes().Count();
}
