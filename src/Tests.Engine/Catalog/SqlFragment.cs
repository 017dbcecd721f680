namespace Strata.Tests.Engine.Catalog;

/// <summary>SQL that a user wrote, put into a query of ours.</summary>
internal static class SqlFragment
{
    public static string Parenthesize(string sql) => $"({Close(sql)})";

    /// <summary>The text, followed by a line break where it may end in a comment.</summary>
    public static string Close(string sql) => sql.Contains("--", StringComparison.Ordinal) ? sql + "\n" : sql;

    public static string? And(string? left, string? right) =>
        left is null ? right
        : right is null ? left
        : $"{Parenthesize(left)} and {Parenthesize(right)}";

    /// <summary>A whole query that the user wrote, without the semicolon that may end it.</summary>
    public static string Query(string sql) => Close(sql.TrimEnd().TrimEnd(';'));
}
