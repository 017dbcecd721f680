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

    /// <summary>
    /// The table that a statement adds rows to, by its last name: behind <c>insert into</c>, <c>create table</c> or <c>copy</c>; null
    /// where there is none.
    /// </summary>
    public static string? FindTarget(string text)
    {
        var lexer = new SqlLexer(text);
        if (!lexer.TryReadCode(out var first))
            return null;
        var before =
            IsWord(text, first, "insert") ? "into"
            : IsWord(text, first, "create") ? "table"
            : IsWord(text, first, "copy") ? "copy"
            : null;
        if (before is null)
            return null;
        var found = before == "copy";
        string? name = null;
        while (lexer.TryReadCode(out var token))
        {
            if (!found)
            {
                found = IsWord(text, token, before);
                // what is created is no table
                if (!found && (token.Kind != SqlTokenKind.Word || IsWord(text, token, "as")))
                    return null;
                continue;
            }
            if (name is null && new[] { "if", "not", "exists" }.Any(word => IsWord(text, token, word)))
                continue;
            if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
                return name;
            var part = text.Substring(token.Start, token.Length);
            name =
                token.Kind == SqlTokenKind.QuotedName
                    ? part[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
                    : part;
            if (!lexer.TryReadCode(out var dot) || text[dot.Start] != '.')
                return name;
        }
        return name;
    }

    /// <summary>Whether an <c>explain</c> also runs what it explains: it says <c>analyze</c>, alone or among its options.</summary>
    public static bool ExplainRuns(string text)
    {
        var lexer = new SqlLexer(text);
        if (!lexer.TryReadCode(out _) || !lexer.TryReadCode(out var option))
            return false;
        if (text[option.Start] != '(')
            return IsWord(text, option, "analyze");
        while (lexer.TryReadCode(out var token) && text[token.Start] != ')')
        {
            if (IsWord(text, token, "analyze"))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Whether a query takes all columns of something: <c>select *</c>, <c>t.*</c>, <c>from t</c> alone, or those that
    /// <c>columns(...)</c> finds. A product and <c>count(*)</c> take none.
    /// </summary>
    public static bool HasStar(string text)
    {
        var lexer = new SqlLexer(text);
        SqlToken? last = null;
        SqlToken? beforeLast = null;
        while (lexer.TryReadCode(out var token))
        {
            if (
                text[token.Start] == '*'
                && (
                    StartsValue(text, beforeLast, last)
                    || (!IsCount(text, beforeLast, last) && EndsList(text, lexer))
                )
            )
                return true;
            if (text[token.Start] == '(' && last is { } called && IsWord(text, called, "columns"))
                return true;
            if (IsWord(text, token, "from") && (last is not { } before || text[before.Start] == '('))
                return true;
            (beforeLast, last) = (last, token);
        }
        return false;
    }

    // what follows a product is a value: distinct on (a) * from
    private static bool EndsList(string text, SqlLexer behind) =>
        !behind.TryReadCode(out var next)
        || text[next.Start] is ',' or ')'
        || new[] { "from", "exclude", "except", "replace", "rename", "where", "union" }.Any(word =>
            IsWord(text, next, word)
        );

    private static bool IsCount(string text, SqlToken? beforeLast, SqlToken? last) =>
        last is { } before
        && text[before.Start] == '('
        && beforeLast is { } name
        && IsWord(text, name, "count");

    // where a value is expected, a star is no product
    private static bool StartsValue(string text, SqlToken? beforeLast, SqlToken? last) =>
        last is { } before
        && (
            text[before.Start] is ',' or '.'
            || text[before.Start] == '(' && !IsCount(text, beforeLast, last)
            || new[] { "select", "distinct", "all" }.Any(word => IsWord(text, before, word))
        );

    /// <summary>A query fit to stand in parentheses: without a semicolon at its end, or what follows that.</summary>
    public static string WithoutTerminator(string text) =>
        Outline(text) is { Semicolon: >= 0 and var semicolon, HasMore: false } ? text[..semicolon] : text;

    /// <summary>What can be seen of a text's statements in one pass.</summary>
    public static SqlOutline Outline(string text)
    {
        var lexer = new SqlLexer(text);
        var outline = new SqlOutline(-1, -1, false, null);
        while (lexer.TryRead(out var token))
        {
            if (token.Kind == SqlTokenKind.Unclosed)
                return outline with { Unclosed = token };
            if (token.Kind == SqlTokenKind.Comment)
                continue;
            if (outline.Start < 0)
                outline = outline with { Start = token.Start };
            if (token.Kind == SqlTokenKind.Symbol && text[token.Start] == ';')
            {
                if (outline.Semicolon < 0)
                    outline = outline with { Semicolon = token.Start };
            }
            else if (outline.Semicolon >= 0)
            {
                outline = outline with { HasMore = true };
            }
        }
        return outline;
    }

    /// <summary>Whether a relation whose name ends at an offset is given another name there, with or without <c>as</c>.</summary>
    public static bool HasAlias(string text, int offset) =>
        new SqlLexer(text, offset).TryReadCode(out var token) && IsAlias(text, token);

    /// <summary>Whether a token behind a relation is another name of it.</summary>
    internal static bool IsAlias(string text, SqlToken token) =>
        token.Kind switch
        {
            SqlTokenKind.QuotedName => true,
            SqlTokenKind.Word => !AfterRelation.Contains(
                text.Substring(token.Start, token.Length).ToLowerInvariant()
            ),
            _ => false,
        };

    /// <summary>Whether a name that ends at an offset stands before a column, and so for a relation that has been named elsewhere.</summary>
    public static bool IsQualifier(string text, int offset) =>
        new SqlLexer(text, offset).TryReadCode(out var token)
        && token.Kind == SqlTokenKind.Symbol
        && text[token.Start] == '.';

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
