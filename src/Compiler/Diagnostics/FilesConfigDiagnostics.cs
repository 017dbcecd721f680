using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST104x: what a source says of its files.</summary>
public static class FilesConfigDiagnostics
{
    public static Diagnostic WrongFormat(SourceSpan span, string option, string format) =>
        new("ST1040", Severity.Error, span, $"option '{option}' does not apply to format {format}")
        {
            Hint = "remove it; docs/reference/sources.md lists the options of each format",
        };

    public static Diagnostic HeaderlessWithoutColumns(SourceSpan span) =>
        new("ST1041", Severity.Error, span, "csv files without a header need 'columns'")
        {
            Hint = "declare the columns in the order that they have in the files",
        };

    public static Diagnostic AliasOfUnknownColumn(
        SourceSpan span,
        string alias,
        IReadOnlyCollection<string> columns
    ) =>
        new("ST1042", Severity.Error, span, $"'aliases' names column '{alias}', which is not declared")
        {
            Hint =
                Suggestions.DidYouMean(alias, columns)
                ?? "declare the column: 'aliases' lists other names that headers have for it",
        };

    public static Diagnostic BadPath(SourceSpan span, string path, string problem) =>
        new("ST1044", Severity.Error, span, $"'{path}' is not a valid file pattern: {problem}")
        {
            Hint = "write {a,b} for either; braces may contain wildcards, folders and other braces",
        };

    public static Diagnostic BadValue(SourceSpan span, string option, string value) =>
        new(
            "ST1043",
            Severity.Error,
            span,
            $"'{value}' cannot be the {option} of {(option == "error_if" ? "landed" : "csv")} files"
        )
        {
            Hint = option switch
            {
                "delimiter" => "give one or more characters other than line ends",
                "quote" => "give one character, or '' for none",
                "error_if" => "give one comparison with a number or a share of rows: error_if: \"> 1%\"",
                "row_terminator" => "give one or more characters, or leave it out for ordinary line ends",
                _ => "give a number of lines between 0 and 1000000",
            },
        };
}
