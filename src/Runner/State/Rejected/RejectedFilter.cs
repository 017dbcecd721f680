using Strata.Compiler.Sql;

namespace Strata.Runner.State.Rejected;

/// <summary>Which of the rejected rows and files are meant.</summary>
/// <param name="Consumer">The unique id of the model that could not take them in.</param>
/// <param name="Run">Only what this run rejected.</param>
/// <param name="Path">Only of this file, as it is listed.</param>
public sealed record RejectedFilter(string Consumer, string? Run = null, string? Path = null)
{
    /// <summary>Tells files from rows: rows of parquet have no line either.</summary>
    public const string WholeFile = "(line is null and raw is null)";

    /// <summary>A condition over the columns of <see cref="RejectedTable"/>.</summary>
    public string ToSql(SqlDialect dialect) =>
        $"consumer = {dialect.QuoteString(Consumer)}"
        + (Run is null ? "" : $" and run_id = {dialect.QuoteString(Run)}")
        + (Path is null ? "" : $" and path = {dialect.QuoteString(Path)}");
}
