using System.Collections.Immutable;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>Expectations that no loop over random rows is held against, and why. The list may only get shorter.</summary>
internal static class ExpectationsWithoutNaiveCheck
{
    private const string Columns =
        "about columns and their types, whatever the rows: shown by the corpus and the reference";
    private const string Statistic =
        "a statistic with a distribution of its own: held against figures of others in the corpus";
    private const string Memory = "what earlier runs found decides: RememberingTests";

    public static readonly ImmutableSortedDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["expect_column_to_exist"] = Columns,
        ["dbt_expectations.expect_column_to_exist"] = Columns,
        ["expect_table_column_count_to_be_between"] = Columns,
        ["expect_table_column_count_to_equal"] = Columns,
        ["dbt_expectations.expect_table_column_count_to_equal_other_table"] = Columns,
        ["expect_table_columns_to_match_ordered_list"] = Columns,
        ["expect_table_columns_to_match_set"] = Columns,
        ["dbt_expectations.expect_table_columns_to_match_ordered_list"] = Columns,
        ["dbt_expectations.expect_table_columns_to_match_set"] = Columns,
        ["dbt_expectations.expect_table_columns_to_contain_set"] = Columns,
        ["dbt_expectations.expect_table_columns_to_not_contain_set"] = Columns,
        ["expect_column_values_to_be_of_type"] = Columns,
        ["dbt_expectations.expect_column_values_to_be_of_type"] = Columns,
        ["expect_column_values_to_be_in_type_list"] = Columns,
        ["dbt_expectations.expect_column_values_to_be_in_type_list"] = Columns,
        ["expect_column_kl_divergence_to_be_less_than"] = Statistic,
        ["expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than"] = Statistic,
        ["expect_column_chisquare_test_p_value_to_be_greater_than"] = Statistic,
        ["drift_psi"] = Memory,
        ["drift_ks"] = Memory,
        ["drift_chi2"] = Memory,
        ["schema"] = Memory,
        ["anomaly"] = Memory,
        ["reconcile"] = "two relations on any two engines: ReconcileTests",
        ["dbt_expectations.expect_column_values_to_be_within_n_moving_stdevs"] =
            "windows over sums of periods: shown by the corpus",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
