using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>
/// Where SQL asks for the time, and the text with a fixed instant there. It works on the tokens of the finished text, not by functions of
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

        /// <summary>What <c>timeofday()</c> writes.</summary>
        Text,

        /// <summary>A first argument, which <c>age(due)</c> does without.</summary>
        DateBefore,

        /// <summary>A word that is read as a time, in the place of the type that reads it.</summary>
        DateWord,
        TimestampWord,
        TimestampTzWord,
        TimeWord,
    }

    /// <param name="Place">Where the question stands.</param>
    /// <param name="Span">What an instant takes the place of.</param>
    private readonly record struct Question(int Place, TextSpan Span, Form Form);

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
        ["timeofday"] = Form.Text,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Types that read words as times.</summary>
    private static readonly FrozenDictionary<string, Form> Types = new Dictionary<string, Form>
    {
        ["date"] = Form.DateWord,
        ["timestamp"] = Form.TimestampWord,
        ["timestamptz"] = Form.TimestampTzWord,
        ["time"] = Form.TimeWord,
        ["timetz"] = Form.TimeWord,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text asks for the time.</summary>
    public static bool IsNeeded(string sql) => Find(sql).Any();

    /// <summary>Where the text asks for the time.</summary>
    public static IEnumerable<int> Places(SqlTokenTree tokens) =>
        Find(tokens).Select(question => question.Place);

    /// <summary>Whether the text asks for the time, and for nothing else.</summary>
    public static bool IsWhole(string sql) =>
        Find(sql).FirstOrDefault().Span is { Start: 0 } span && span.End == sql.Length;

    /// <summary>The text with an instant in place of every question for the time.</summary>
    public static SlottedSql Apply(SlottedSql sql, DateTimeOffset now)
    {
        var text = new MappedTextBuilder(sql.Text.Length, sql.Map.Segments.Length);
        var copied = 0;
        foreach (var (_, span, form) in Find(sql.Text).ToImmutableArray())
        {
            text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, span.Start));
            text.Append(
                Literal(now, form, sql.Text.Substring(span.Start, span.Length)),
                sql.Map.Find(span.Start)
            );
            copied = span.End;
        }
        if (copied == 0)
            return sql;
        text.Append(sql.Text, sql.Map, TextSpan.FromBounds(copied, sql.Text.Length));
        var (replaced, map) = text.Build();
        return sql with { Text = replaced, Map = map };
    }

    private static IEnumerable<Question> Find(string text) =>
        SqlTokenTree.Read(text) is { } tokens ? Find(tokens) : [];

    private static IEnumerable<Question> Find(SqlTokenTree tokens)
    {
        var namesFollow = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var isName = namesFollow;
            // what is a member of something, and what something is called
            namesFollow = !isName && tokens.Is(i, "as") || tokens.IsSymbol(i, '.');
            var start = tokens[i].Start;
            if (tokens.KindAt(i) == SqlTokenKind.String && FormOfWord(tokens, i) is { } word)
                yield return new Question(start, Span(tokens, i, i), word);
            if (tokens.KindAt(i) != SqlTokenKind.Word || isName && !IsOfEngine(tokens, i))
                continue;
            var text = tokens.TextAt(i);
            var end = EndOfParentheses(tokens, i, Keywords.ContainsKey(text));
            var first = IsOfEngine(tokens, i) ? i - 2 : i;
            if (Functions.TryGetValue(text, out var function) && end > i)
                yield return new Question(tokens[first].Start, Span(tokens, first, end), function);
            else if (!isName && Keywords.TryGetValue(text, out var keyword))
                yield return new Question(start, Span(tokens, i, end), keyword);
            else if (!isName && IsAgeOfToday(tokens, i))
                yield return new Question(start, new TextSpan(tokens[i + 1].End, 0), Form.DateBefore);
        }
    }

    private static TextSpan Span(SqlTokenTree tokens, int first, int last) =>
        TextSpan.FromBounds(tokens[first].Start, tokens[last].End);

    // pg_catalog.now(), main.today()
    private static bool IsOfEngine(SqlTokenTree tokens, int at) =>
        tokens.IsSymbol(at - 1, '.')
        && tokens.Is(at - 2, "pg_catalog", "main")
        && !tokens.IsSymbol(at - 3, '.');

    /// <summary>The last token of empty parentheses, or of such with a precision in them; else where it began.</summary>
    private static int EndOfParentheses(SqlTokenTree tokens, int at, bool takesPrecision)
    {
        if (!tokens.IsSymbol(at + 1, '('))
            return at;
        var next = at + 2;
        if (takesPrecision && tokens.KindAt(next) == SqlTokenKind.Number)
            next++;
        return tokens.IsSymbol(next, ')') ? next : at;
    }

    /// <summary>What a type, or a comparison, reads a word as: <c>cast('today' as date)</c>, <c>due &lt; 'now'</c>.</summary>
    private static Form? FormOfWord(SqlTokenTree tokens, int at)
    {
        if (!IsWordOfTime(tokens.TextAt(at)))
            return null;
        if (tokens.IsSymbol(at + 1, ':') && tokens.IsSymbol(at + 2, ':'))
            return FormOfType(tokens, at + 3);
        if (tokens.Is(at - 1, "zone") && tokens.Is(at - 2, "time") && tokens.Is(at - 3, "with", "without"))
            return FormOfType(tokens, at - 4);
        if (FormOfType(tokens, at - 1) is { } before)
            return before;
        if (tokens.Is(at - 2, "cast", "try_cast") && tokens.IsSymbol(at - 1, '(') && tokens.Is(at + 1, "as"))
            return FormOfType(tokens, at + 2);
        return IsOrdered(tokens, at) ? Form.TimestampWord : null;
    }

    private static bool IsWordOfTime(string literal) =>
        literal.ToLowerInvariant() is "'now'" or "'today'" or "'tomorrow'" or "'yesterday'";

    // a label is compared by =
    private static bool IsOrdered(SqlTokenTree tokens, int at) =>
        tokens.IsSymbol(at + 1, '<')
        || tokens.IsSymbol(at + 1, '>')
        || IsOrder(tokens, at - 1)
        || tokens.IsSymbol(at - 1, '=') && IsOrder(tokens, at - 2);

    private static bool IsOrder(SqlTokenTree tokens, int at) =>
        tokens.IsSymbol(at, '<')
        || tokens.IsSymbol(at, '>') && !tokens.IsSymbol(at - 1, '-') && !tokens.IsSymbol(at - 1, '<');

    private static Form? FormOfType(SqlTokenTree tokens, int at)
    {
        if (tokens.KindAt(Math.Max(at, 0)) != SqlTokenKind.Word || at < 0)
            return null;
        if (!Types.TryGetValue(tokens.TextAt(at), out var form))
            return null;
        return form == Form.TimestampWord && tokens.Is(at + 1, "with") ? Form.TimestampTzWord : form;
    }

    private static bool IsAgeOfToday(SqlTokenTree tokens, int at)
    {
        if (!tokens.Is(at, "age") || !tokens.IsSymbol(at + 1, '('))
            return false;
        var close = tokens.Closing(at + 1);
        // with age(id) as (...)
        if (close == at + 2 || tokens.Is(close + 1, "as") && tokens.IsSymbol(close + 2, '('))
            return false;
        for (var i = at + 2; i < close; i = tokens.Next(i))
        {
            if (tokens.IsSymbol(i, ','))
                return false;
        }
        return true;
    }

    private static string Literal(DateTimeOffset now, Form form, string word)
    {
        if (form >= Form.DateWord)
            return WordAt(now, form, word);
        var (format, type) = form switch
        {
            Form.TimestampTz => ("yyyy-MM-dd HH:mm:ss.ffffff'+00'", "timestamp with time zone"),
            Form.Timestamp => ("yyyy-MM-dd HH:mm:ss.ffffff", "timestamp"),
            Form.Date or Form.DateBefore => ("yyyy-MM-dd", "date"),
            Form.Time => ("HH:mm:ss.ffffff", "time"),
            Form.Text => ("ddd MMM dd HH:mm:ss.ffffff yyyy 'UTC'", "text"),
            _ => ("HH:mm:ss.ffffff'+00'", "time with time zone"),
        };
        var value = Written(now, format);
        return form == Form.DateBefore ? $"cast('{value}' as {type}), " : $"cast('{value}' as {type})";
    }

    private static string WordAt(DateTimeOffset now, Form form, string word)
    {
        var day = word.ToLowerInvariant() switch
        {
            "'tomorrow'" => now.UtcDateTime.Date.AddDays(1),
            "'yesterday'" => now.UtcDateTime.Date.AddDays(-1),
            "'today'" => now.UtcDateTime.Date,
            _ => now.UtcDateTime,
        };
        var format = form switch
        {
            Form.DateWord => "yyyy-MM-dd",
            Form.TimeWord => "HH:mm:ss.ffffff",
            Form.TimestampTzWord => "yyyy-MM-dd HH:mm:ss.ffffff'+00'",
            _ => "yyyy-MM-dd HH:mm:ss.ffffff",
        };
        return $"'{Written(new DateTimeOffset(day, TimeSpan.Zero), format)}'";
    }

    private static string Written(DateTimeOffset instant, string format) =>
        instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
