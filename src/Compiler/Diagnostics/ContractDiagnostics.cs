using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST608x: contracts, and relations that break them.</summary>
public static class ContractDiagnostics
{
    public static Diagnostic NotForThis(SourceSpan span, string model) =>
        new(
            "ST6080",
            Severity.Error,
            span,
            $"model '{model}' cannot have a contract: only tables, views and incremental models that are no microbatch can"
        )
        {
            Hint =
                "test its columns with expect_table_columns_to_match_set and expect_column_values_to_be_of_type",
        };

    public static Diagnostic NoColumns(SourceSpan span, string model) =>
        new("ST6081", Severity.Error, span, $"the contract of model '{model}' declares no columns")
        {
            Hint = "list every column under 'columns:', with its 'data_type'",
        };

    public static Diagnostic NoType(SourceSpan span, string model, string column) =>
        new(
            "ST6082",
            Severity.Error,
            span,
            $"the contract of model '{model}' does not say what type column '{column}' has"
        )
        {
            Hint = "add its 'data_type'",
        };

    /// <param name="table">One line for each column that differs, below a heading.</param>
    public static Diagnostic Broken(SourceSpan span, string model, ImmutableArray<string> table) =>
        new("ST6083", Severity.Error, span, $"model '{model}' breaks its contract; it is not published")
        {
            Details = table,
            Hint = "change the query, or the columns that its YAML declares",
        };
}
