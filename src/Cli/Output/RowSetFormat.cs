namespace Strata.Cli.Output;

/// <summary>How rows are printed: <c>--output</c>.</summary>
public enum RowSetFormat
{
    Table,
    Json,
    Csv,
}
