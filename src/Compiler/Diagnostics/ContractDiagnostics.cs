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
            $"model '{model}' cannot have a contract: only tables, views and incremental models other than microbatch can"
        )
        {
            Hint = "compare its columns with the declared ones by a test: schema: { of: declared }",
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

    public static Diagnostic ConstraintLacks(SourceSpan span, string type, string key) =>
        new("ST6084", Severity.Error, span, $"the constraint '{type}' has no '{key}'")
        {
            Hint = key switch
            {
                "expression" =>
                    "write the condition that every row must satisfy: expression: \"amount >= 0\"",
                "columns" => "name its columns: columns: [id]; or write it under a column",
                "to" => "name the relation that it refers to: to: ref('customers')",
                _ => "name the column that it refers to: to_columns: [id]",
            },
        };

    public static Diagnostic ConstraintTakesNo(SourceSpan span, string type, string key) =>
        new("ST6085", Severity.Error, span, $"the constraint '{type}' does not take '{key}'")
        {
            Hint =
                key == "expression"
                    ? "leave it out: strata checks constraints itself and never creates them in the engine"
                    : "leave it out: only a foreign_key refers to another relation",
        };

    /// <param name="isInSql">It says in SQL what it refers to; otherwise it has several columns.</param>
    public static Diagnostic ForeignKeyNotChecked(SourceSpan span, bool isInSql) =>
        new(
            "ST6086",
            Severity.Error,
            span,
            isInSql
                ? "this foreign key names the relation that it refers to in SQL"
                : "a foreign key of several columns cannot be checked"
        )
        {
            Hint = isInSql
                ? "name a node of the project: to: ref('customers'), to_columns: [id]"
                : "write a test in tests/ that selects the rows without a match",
        };
}
