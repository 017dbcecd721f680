using Strata.Compiler.Sql;

namespace Strata.Runner.Files.Landing;

/// <summary>Whether a query mentions a column, or takes all there are.</summary>
internal static class KeptColumns
{
    public static bool Mentions(string sql, string column)
    {
        var lexer = new SqlLexer(sql);
        var before = "";
        while (lexer.TryReadCode(out var token))
        {
            var text = sql.Substring(token.Start, token.Length);
            if (text.Trim('"').Equals(column, StringComparison.OrdinalIgnoreCase))
                return true;
            // a star that stands for columns, and neither multiplies nor counts
            if (text == "*" && before.ToLowerInvariant() is "select" or "distinct" or "," or ".")
                return true;
            before = text;
        }
        return false;
    }
}
