using System.Collections.Frozen;

namespace Strata.Compiler.Sql;

/// <summary>Facts about the outside of a query that can be told from its tokens alone.</summary>
public static class SqlShape
{
    /// <summary>Where a query's first token stands that is not a comment, or -1.</summary>
    public static int FindStart(string text) =>
        new SqlLexer(text).TryReadCode(out var token) ? token.Start : -1;

    /// <summary>
    /// Where the next common table expression can be put: behind <c>with</c> or <c>with recursive</c>, or -1 when
    /// the query has none.
    /// </summary>
    public static int FindWithList(string text)
    {
        var lexer = new SqlLexer(text);
        if (!lexer.TryReadCode(out var first) || !IsWord(text, first, "with"))
            return -1;
        var end = first.End;
        if (lexer.TryReadCode(out var second) && IsWord(text, second, "recursive"))
            end = second.End;
        return end;
    }

    /// <summary>The offset of the first semicolon, or -1.</summary>
    public static int FindSemicolon(string text)
    {
        var lexer = new SqlLexer(text);
        while (lexer.TryReadCode(out var token))
        {
            if (token.Kind == SqlTokenKind.Symbol && text[token.Start] == ';')
                return token.Start;
        }
        return -1;
    }

    /// <summary>A query fit to stand in parentheses: without a semicolon at its end, or what follows that.</summary>
    public static string WithoutTerminator(string text)
    {
        var semicolon = FindSemicolon(text);
        return semicolon >= 0 && !new SqlLexer(text, semicolon + 1).TryReadCode(out _)
            ? text[..semicolon]
            : text;
    }

    /// <summary>The first string, quoted name or comment that is not closed.</summary>
    public static SqlToken? FindUnclosed(string text)
    {
        var lexer = new SqlLexer(text);
        while (lexer.TryRead(out var token))
        {
            if (token.Kind == SqlTokenKind.Unclosed)
                return token;
        }
        return null;
    }

    /// <summary>Whether a relation whose name ends at an offset is given another name there, with or without <c>as</c>.</summary>
    public static bool HasAlias(string text, int offset)
    {
        if (!new SqlLexer(text, offset).TryReadCode(out var token))
            return false;
        return token.Kind switch
        {
            SqlTokenKind.QuotedName => true,
            SqlTokenKind.Word => !AfterRelation.Contains(
                text.Substring(token.Start, token.Length).ToLowerInvariant()
            ),
            // a qualified column: the relation's name is used as a qualifier, and needs none
            SqlTokenKind.Symbol => text[token.Start] == '.',
            _ => false,
        };
    }

    internal static bool IsWord(string text, SqlToken token, string word) =>
        token.Kind == SqlTokenKind.Word
        && text.AsSpan(token.Start, token.Length).Equals(word, StringComparison.OrdinalIgnoreCase);

    // the words that may follow a relation in a from clause and cannot be its alias
    private static readonly FrozenSet<string> AfterRelation = FrozenSet.ToFrozenSet([
        "anti",
        "asof",
        "cross",
        "except",
        "fetch",
        "for",
        "full",
        "group",
        "having",
        "inner",
        "intersect",
        "join",
        "lateral",
        "left",
        "limit",
        "natural",
        "offset",
        "on",
        "order",
        "outer",
        "pivot",
        "positional",
        "qualify",
        "returning",
        "right",
        "sample",
        "select",
        "semi",
        "set",
        "tablesample",
        "union",
        "unpivot",
        "using",
        "values",
        "when",
        "where",
        "window",
        "with",
    ]);
}
