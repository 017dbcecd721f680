using System.Collections.Frozen;

namespace Strata.Runner.Files;

/// <summary>Whether a table in FROM has an alias: a query in its place needs one.</summary>
internal static class TableAlias
{
    /// <summary>The words that can follow a table and are no alias.</summary>
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "where",
        "join",
        "left",
        "right",
        "inner",
        "full",
        "cross",
        "natural",
        "asof",
        "positional",
        "anti",
        "semi",
        "on",
        "using",
        "group",
        "order",
        "limit",
        "offset",
        "fetch",
        "union",
        "except",
        "intersect",
        "having",
        "window",
        "qualify",
        "tablesample",
        "sample",
        "pivot",
        "unpivot",
        "lateral",
        "for",
        "select",
        "returning",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="offset">Behind the table's name.</param>
    public static bool Follows(string sql, int offset)
    {
        var i = SkipBlanks(sql, offset);
        if (i >= sql.Length)
            return false;
        if (sql[i] == '"')
            return true;
        var start = i;
        while (i < sql.Length && IsPartOfName(sql[i]))
            i++;
        return i > start && !Keywords.Contains(sql[start..i]);
    }

    // whatever is not ASCII is a letter to the engines
    private static bool IsPartOfName(char c) =>
        char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= '\u0080' && !char.IsWhiteSpace(c));

    private static int SkipBlanks(string sql, int i)
    {
        while (i < sql.Length)
        {
            if (char.IsWhiteSpace(sql[i]))
                i++;
            else if (sql.AsSpan(i).StartsWith("--"))
                i = sql.IndexOf('\n', i) is var end and >= 0 ? end : sql.Length;
            else if (sql.AsSpan(i).StartsWith("/*"))
                i = sql.IndexOf("*/", i, StringComparison.Ordinal) is var close and >= 0
                    ? close + 2
                    : sql.Length;
            else
                break;
        }
        return i;
    }
}
