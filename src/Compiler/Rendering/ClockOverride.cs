using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Puts a fixed instant where SQL asks for the time. It works on the tokens of the finished text, not by functions of
/// the same name on the engine: half of the ways to ask are keywords, which no function can stand in for.
/// </summary>
internal static class ClockOverride
{
    private enum Form
    {
        TimestampTz,
        Timestamp,
        Date,
        Time,
        TimeTz,
    }

    /// <summary>Keywords, with or without a precision in parentheses.</summary>
    private static readonly FrozenDictionary<string, Form> Keywords = new Dictionary<string, Form>
    {
        ["current_timestamp"] = Form.TimestampTz,
        ["current_date"] = Form.Date,
        ["current_time"] = Form.TimeTz,
        ["localtimestamp"] = Form.Timestamp,
        ["localtime"] = Form.Time,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions, which need their empty parentheses: without them the word is a column.</summary>
    private static readonly FrozenDictionary<string, Form> Functions = new Dictionary<string, Form>
    {
        ["now"] = Form.TimestampTz,
        ["transaction_timestamp"] = Form.TimestampTz,
        ["statement_timestamp"] = Form.TimestampTz,
        ["clock_timestamp"] = Form.TimestampTz,
        ["get_current_timestamp"] = Form.TimestampTz,
        ["get_current_time"] = Form.TimeTz,
        ["today"] = Form.Date,
        ["current_localtimestamp"] = Form.Timestamp,
        ["current_localtime"] = Form.Time,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text asks for the time.</summary>
    public static bool IsNeeded(string sql) => Find(sql).Any();

    /// <summary>Where the text asks for the time.</summary>
    public static IEnumerable<int> Places(string sql) => Find(sql).Select(question => question.Span.Start);

    /// <summary>Whether the text asks for the time, and for nothing else.</summary>
    public static bool IsWhole(string sql) =>
        Find(sql).FirstOrDefault().Span is { Start: 0 } span && span.End == sql.Length;

    /// <summary>The text with an instant in place of every question for the time.</summary>
    public static SlottedSql Apply(SlottedSql sql, DateTimeOffset now)
    {
        var text = new MappedTextBuilder();
        var copied = 0;
        foreach (var (span, form) in Find(sql.Text).ToImmutableArray())
        {
            text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, span.Start));
            text.Append(Literal(now, form), sql.Map.Find(span.Start));
            copied = span.End;
        }
        if (copied == 0)
            return sql;
        text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, sql.Text.Length));
        var (replaced, map) = text.Build();
        return sql with { Text = replaced, Map = map };
    }

    private static IEnumerable<(TextSpan Span, Form Form)> Find(string text)
    {
        var lexer = new SqlLexer(text);
        var namesFollow = false;
        while (lexer.TryReadCode(out var token))
        {
            var isName = namesFollow;
            // what is a member of something, and what something is called
            namesFollow = !isName && IsWord(text, token, "as") || IsSymbol(text, token, '.');
            if (token.Kind != SqlTokenKind.Word || isName)
                continue;
            var word = text.Substring(token.Start, token.Length);
            var end = EndOfParentheses(text, token.End, Keywords.ContainsKey(word));
            if (Functions.TryGetValue(word, out var function) && end > token.End)
                yield return (TextSpan.FromBounds(token.Start, end), function);
            else if (Keywords.TryGetValue(word, out var keyword))
                yield return (TextSpan.FromBounds(token.Start, end), keyword);
        }
    }

    /// <summary>Behind empty parentheses, or such with a precision in them; else where it began.</summary>
    private static int EndOfParentheses(string text, int start, bool takesPrecision)
    {
        var lexer = new SqlLexer(text, start);
        if (
            !lexer.TryReadCode(out var open)
            || !IsSymbol(text, open, '(')
            || !lexer.TryReadCode(out var next)
        )
            return start;
        if (takesPrecision && next.Kind == SqlTokenKind.Number && !lexer.TryReadCode(out next))
            return start;
        return IsSymbol(text, next, ')') ? next.End : start;
    }

    private static bool IsWord(string text, SqlToken token, string word) =>
        token.Kind == SqlTokenKind.Word
        && text.AsSpan(token.Start, token.Length).Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsSymbol(string text, SqlToken token, char symbol) =>
        token.Kind == SqlTokenKind.Symbol && text[token.Start] == symbol;

    private static string Literal(DateTimeOffset now, Form form)
    {
        var (format, type) = form switch
        {
            Form.TimestampTz => ("yyyy-MM-dd HH:mm:ss.ffffff'+00'", "timestamp with time zone"),
            Form.Timestamp => ("yyyy-MM-dd HH:mm:ss.ffffff", "timestamp"),
            Form.Date => ("yyyy-MM-dd", "date"),
            Form.Time => ("HH:mm:ss.ffffff", "time"),
            _ => ("HH:mm:ss.ffffff'+00'", "time with time zone"),
        };
        var value = now.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
        return $"cast('{value}' as {type})";
    }
}
