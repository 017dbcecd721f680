using System.Collections.Immutable;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using static Strata.Tests.Engine.Catalog.Parameter;
using static Strata.Tests.Engine.Expectations.ValueExpectations;

namespace Strata.Tests.Engine.Expectations;

/// <summary>Text: its length, its pattern, its format. Nulls pass and are no part of <c>mostly</c>.</summary>
internal static class TextExpectations
{
    private static readonly Parameter MatchOn = Parameter.Choice(
        "match_on",
        "whether a value must match any of the patterns or all of them",
        "any",
        "any",
        "all"
    );

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "expect_column_value_lengths_to_be_between",
            ExpectationTarget.Column,
            "The length of every text lies in a range."
        )
        {
            Parameters = Bounds.Parameters(ParameterType.Integer),
            Example = "{min_value: 1, max_value: 20}",
            AllowsMostly = true,
            Rule = Bounds.NeedOne,
            Build = c => Values(c, Bounds.Of(c, Integer(c)).Fails(Length(c))),
        },
        new(
            "dbt_expectations.expect_column_value_lengths_to_be_between",
            ExpectationTarget.Column,
            "The length of every text lies in a range."
        )
        {
            Parameters = Bounds.DbtParameters,
            Example = "{min_value: 1, max_value: 20}",
            Rule = Bounds.NeedOne,
            Build = c => Values(c, Bounds.OfDbt(c).Fails(Length(c))),
        },
        new(
            "expect_column_value_lengths_to_equal",
            ExpectationTarget.Column,
            "Every text has the same, given length."
        )
        {
            Aliases = ["dbt_expectations.expect_column_value_lengths_to_equal"],
            Parameters = [Required("value", ParameterType.Integer, "the length")],
            Example = "{value: 6}",
            AllowsMostly = true,
            Build = c => Values(c, $"{Length(c)} <> {Integer(c)(c.Args.Value("value"))}"),
        },
        new(
            "expect_column_values_to_match_regex",
            ExpectationTarget.Column,
            "Every text contains a match of a regular expression."
        )
        {
            Parameters = [Pattern("regex")],
            Example = "{regex: '^[a-z]+$'}",
            AllowsMostly = true,
            Build = c => Values(c, $"not ({Regex(c, c.Args.Text("regex"))})"),
        },
        new(
            "expect_column_values_to_not_match_regex",
            ExpectationTarget.Column,
            "No text contains a match of a regular expression."
        )
        {
            Parameters = [Pattern("regex")],
            Example = "{regex: '[0-9]'}",
            AllowsMostly = true,
            Build = c => Values(c, Regex(c, c.Args.Text("regex"))),
        },
        new(
            "expect_column_values_to_match_regex_list",
            ExpectationTarget.Column,
            "Every text matches any, or all, of some regular expressions."
        )
        {
            Parameters = [Patterns("regex_list"), MatchOn],
            Example = "{regex_list: ['^p', 'd$'], match_on: any}",
            AllowsMostly = true,
            Build = c => Values(c, $"not ({Combine(c, "regex_list", Regex)})"),
        },
        new(
            "expect_column_values_to_not_match_regex_list",
            ExpectationTarget.Column,
            "No text matches one of some regular expressions."
        )
        {
            Parameters = [Patterns("regex_list")],
            Example = "{regex_list: ['^x', '[0-9]']}",
            AllowsMostly = true,
            Build = c => Values(c, Any(c, "regex_list", Regex)),
        },
        new(
            "expect_column_values_to_match_like_pattern",
            ExpectationTarget.Column,
            "Every text is LIKE a pattern."
        )
        {
            Aliases = ["dbt_expectations.expect_column_values_to_match_like_pattern"],
            Parameters = [Pattern("like_pattern")],
            Example = "{like_pattern: '%ed'}",
            AllowsMostly = true,
            Build = c => Values(c, $"not ({Like(c, c.Args.Text("like_pattern"))})"),
        },
        new(
            "expect_column_values_to_not_match_like_pattern",
            ExpectationTarget.Column,
            "No text is LIKE a pattern."
        )
        {
            Aliases = ["dbt_expectations.expect_column_values_to_not_match_like_pattern"],
            Parameters = [Pattern("like_pattern")],
            Example = "{like_pattern: 'x%'}",
            AllowsMostly = true,
            Build = c => Values(c, Like(c, c.Args.Text("like_pattern"))),
        },
        new(
            "expect_column_values_to_match_like_pattern_list",
            ExpectationTarget.Column,
            "Every text is LIKE any, or all, of some patterns."
        )
        {
            Aliases = ["dbt_expectations.expect_column_values_to_match_like_pattern_list"],
            Parameters = [Patterns("like_pattern_list"), MatchOn],
            Example = "{like_pattern_list: ['p%', 's%']}",
            AllowsMostly = true,
            Build = c => Values(c, $"not ({Combine(c, "like_pattern_list", Like)})"),
        },
        new(
            "expect_column_values_to_not_match_like_pattern_list",
            ExpectationTarget.Column,
            "No text is LIKE one of some patterns."
        )
        {
            Parameters = [Patterns("like_pattern_list")],
            Example = "{like_pattern_list: ['x%', '%?']}",
            AllowsMostly = true,
            Build = c => Values(c, Any(c, "like_pattern_list", Like)),
        },
        new(
            "dbt_expectations.expect_column_values_to_not_match_like_pattern_list",
            ExpectationTarget.Column,
            "Of some LIKE patterns, every text fails to match at least one; with `match_on: all`, each of them."
        )
        {
            Parameters = [Patterns("like_pattern_list"), MatchOn],
            Example = "{like_pattern_list: ['x%', '%?']}",
            Build = c => Values(c, NoneOrNotAll(c, "like_pattern_list", Like)),
        },
        new(
            "dbt_expectations.expect_column_values_to_match_regex",
            ExpectationTarget.Column,
            "Every text contains a match of a regular expression."
        )
        {
            Parameters = [Pattern("regex"), .. DbtRegexOptions],
            Example = "{regex: '^[A-Z]+$', flags: i}",
            Build = c => Values(c, $"not ({Regex(c, c.Args.Text("regex"))})"),
        },
        new(
            "dbt_expectations.expect_column_values_to_not_match_regex",
            ExpectationTarget.Column,
            "No text contains a match of a regular expression."
        )
        {
            Parameters = [Pattern("regex"), .. DbtRegexOptions],
            Example = "{regex: '[0-9]'}",
            Build = c => Values(c, Regex(c, c.Args.Text("regex"))),
        },
        new(
            "dbt_expectations.expect_column_values_to_match_regex_list",
            ExpectationTarget.Column,
            "Every text matches any, or all, of some regular expressions."
        )
        {
            Parameters = [Patterns("regex_list"), MatchOn, .. DbtRegexOptions],
            Example = "{regex_list: ['^p', 'd$']}",
            Build = c => Values(c, $"not ({Combine(c, "regex_list", Regex)})"),
        },
        new(
            "dbt_expectations.expect_column_values_to_not_match_regex_list",
            ExpectationTarget.Column,
            "Of some regular expressions, every text fails to match at least one; with `match_on: all`, each of them."
        )
        {
            Parameters = [Patterns("regex_list"), MatchOn, .. DbtRegexOptions],
            Example = "{regex_list: ['^x', '[0-9]']}",
            Build = c => Values(c, NoneOrNotAll(c, "regex_list", Regex)),
        },
        new(
            "expect_column_values_to_match_strftime_format",
            ExpectationTarget.Column,
            "Every text is a date or time in a strftime format."
        )
        {
            Parameters = [Required("strftime_format", ParameterType.Text, "the format, such as `%Y-%m-%d`")],
            Example = "{strftime_format: '%Y-%m-%d'}",
            AllowsMostly = true,
            Rule = args => StrftimeFormat.Check(args.Text("strftime_format") ?? ""),
            Build = c =>
                Values(
                    c,
                    $"not ({StrftimeFormat.Matches(c.Dialect, Text(c), c.Args.Text("strftime_format") ?? "")})"
                ),
        },
        new("expect_column_values_to_be_json_parseable", ExpectationTarget.Column, "Every text is JSON.")
        {
            AllowsMostly = true,
            Build = c => Values(c, $"not ({c.Dialect.IsJson(c.Column)})"),
        },
        new(
            "dbt_expectations.expect_column_values_to_have_consistent_casing",
            ExpectationTarget.Column,
            "No two values differ in case alone. Counts the lower-case forms that occur in more than one way."
        )
        {
            Aliases = ["expect_column_values_to_have_consistent_casing"],
            Parameters =
            [
                Optional(
                    "display_inconsistent_columns",
                    ParameterType.Boolean,
                    "accepted for compatibility with dbt: the forms are always shown",
                    false
                ),
            ],
            Build = c => new QueryMeasure(
                $"select lower({c.Column}) as lower_case, count(distinct {c.Column}) as n_forms from {c.Source} "
                    + $"group by lower({c.Column}) having count(distinct {c.Column}) > 1"
            ),
        },
    ];

    private static ImmutableArray<Parameter> DbtRegexOptions =>
        [
            Optional("flags", ParameterType.Text, "the engine's flags, such as `i` to ignore case", ""),
            Optional(
                "is_raw",
                ParameterType.Boolean,
                "accepted for compatibility with dbt: patterns are always taken as they are",
                false
            ),
        ];

    private static Parameter Pattern(string name) => Required(name, ParameterType.Pattern, "the pattern");

    private static Parameter Patterns(string name) => Required(name, ParameterType.Texts, "the patterns");

    private static string Length(CheckContext c) =>
        $"length({(c.ColumnType is TypeFamily.Text ? c.Column : c.Dialect.AsText(c.Column))})";

    private static Func<object?, string> Integer(CheckContext c) =>
        value => c.Dialect.Literal(CheckArguments.ToNumber(value), TypeFamily.Integer);

    private static string Text(CheckContext c) =>
        c.ColumnType is TypeFamily.Text ? c.Column : c.Dialect.AsText(c.Column);

    private static string Regex(CheckContext c, string? pattern) =>
        c.Dialect.Regex(Text(c), pattern ?? "", c.Args.Text("flags") ?? "");

    private static string Like(CheckContext c, string? pattern) =>
        $"{Text(c)} like {c.Dialect.Text(pattern ?? "")}";

    private static string Any(CheckContext c, string list, Func<CheckContext, string?, string> match) =>
        Join(c, list, match, "or", "false");

    private static string Combine(CheckContext c, string list, Func<CheckContext, string?, string> match) =>
        c.Args.Text("match_on") == "all" ? Join(c, list, match, "and", "true") : Any(c, list, match);

    private static string NoneOrNotAll(
        CheckContext c,
        string list,
        Func<CheckContext, string?, string> match
    ) => c.Args.Text("match_on") == "all" ? Any(c, list, match) : Join(c, list, match, "and", "true");

    private static string Join(
        CheckContext c,
        string list,
        Func<CheckContext, string?, string> match,
        string word,
        string empty
    )
    {
        var patterns = c.Args.Texts(list);
        return patterns.IsEmpty ? empty : string.Join($" {word} ", patterns.Select(p => $"({match(c, p)})"));
    }
}
