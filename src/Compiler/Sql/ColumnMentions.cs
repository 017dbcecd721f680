namespace Strata.Compiler.Sql;

/// <summary>Whether a text of SQL mentions a column, or takes all there are.</summary>
public static class ColumnMentions
{
    /// <summary>By name, or by what stands for all columns.</summary>
    public static bool Reads(string sql, string column) => Names(sql, column) || SqlShape.HasStar(sql);

    public static bool Names(string sql, string column)
    {
        for (var lexer = new SqlLexer(sql); lexer.TryReadCode(out var token); )
        {
            var text = sql.AsSpan(token.Start, token.Length);
            if (text.Trim('"').Equals(column, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
