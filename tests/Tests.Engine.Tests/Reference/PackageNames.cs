using System.Collections.Immutable;

namespace Strata.Tests.Engine.Tests.Reference;

/// <summary>The generic tests of dbt and of the two packages that dbt projects use, as they are published.</summary>
internal static class PackageNames
{
    /// <summary>Of dbt core.</summary>
    public static readonly ImmutableArray<string> Core =
    [
        "unique",
        "not_null",
        "accepted_values",
        "relationships",
    ];

    /// <summary>Of dbt-utils 1.3.</summary>
    public static readonly ImmutableArray<string> DbtUtils =
    [
        "equal_rowcount",
        "fewer_rows_than",
        "equality",
        "expression_is_true",
        "recency",
        "at_least_one",
        "not_constant",
        "not_empty_string",
        "cardinality_equality",
        "not_null_proportion",
        "not_accepted_values",
        "relationships_where",
        "mutually_exclusive_ranges",
        "sequential_values",
        "unique_combination_of_columns",
        "accepted_range",
    ];

    /// <summary>Of dbt-expectations 0.10, <c>macros/schema_tests</c>; <c>expression_is_true</c> and <c>equal_expression</c> are what others are made of.</summary>
    public static readonly ImmutableArray<string> DbtExpectations =
    [
        "equal_expression",
        "expression_is_true",
        "expect_column_distinct_count_to_be_greater_than",
        "expect_column_distinct_count_to_be_less_than",
        "expect_column_distinct_count_to_equal",
        "expect_column_distinct_count_to_equal_other_table",
        "expect_column_distinct_values_to_be_in_set",
        "expect_column_distinct_values_to_contain_set",
        "expect_column_distinct_values_to_equal_set",
        "expect_column_max_to_be_between",
        "expect_column_mean_to_be_between",
        "expect_column_median_to_be_between",
        "expect_column_min_to_be_between",
        "expect_column_most_common_value_to_be_in_set",
        "expect_column_pair_values_A_to_be_greater_than_B",
        "expect_column_pair_values_to_be_equal",
        "expect_column_pair_values_to_be_in_set",
        "expect_column_proportion_of_unique_values_to_be_between",
        "expect_column_quantile_values_to_be_between",
        "expect_column_stdev_to_be_between",
        "expect_column_sum_to_be_between",
        "expect_column_to_exist",
        "expect_column_unique_value_count_to_be_between",
        "expect_column_value_lengths_to_be_between",
        "expect_column_value_lengths_to_equal",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_decreasing",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_in_type_list",
        "expect_column_values_to_be_increasing",
        "expect_column_values_to_be_null",
        "expect_column_values_to_be_of_type",
        "expect_column_values_to_be_unique",
        "expect_column_values_to_be_within_n_moving_stdevs",
        "expect_column_values_to_be_within_n_stdevs",
        "expect_column_values_to_have_consistent_casing",
        "expect_column_values_to_match_like_pattern",
        "expect_column_values_to_match_like_pattern_list",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_match_regex_list",
        "expect_column_values_to_not_be_in_set",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_not_match_like_pattern",
        "expect_column_values_to_not_match_like_pattern_list",
        "expect_column_values_to_not_match_regex",
        "expect_column_values_to_not_match_regex_list",
        "expect_compound_columns_to_be_unique",
        "expect_grouped_row_values_to_have_recent_data",
        "expect_multicolumn_sum_to_equal",
        "expect_row_values_to_have_data_for_every_n_datepart",
        "expect_row_values_to_have_recent_data",
        "expect_select_column_values_to_be_unique_within_record",
        "expect_table_aggregation_to_equal_other_table",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_column_count_to_equal_other_table",
        "expect_table_columns_to_contain_set",
        "expect_table_columns_to_match_ordered_list",
        "expect_table_columns_to_match_set",
        "expect_table_columns_to_not_contain_set",
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
        "expect_table_row_count_to_equal_other_table",
        "expect_table_row_count_to_equal_other_table_times_factor",
    ];

    /// <summary>Every name as a project writes it, with its package in front.</summary>
    public static readonly ImmutableArray<string> All =
    [
        .. Core,
        .. DbtUtils.Select(name => $"dbt_utils.{name}"),
        .. DbtExpectations.Select(name => $"dbt_expectations.{name}"),
    ];
}
