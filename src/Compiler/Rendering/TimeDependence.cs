using System.Buffers;
using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Finds where a query's rows hang on the time at which it runs: a condition that asks for it, or a column that is made of it and of something
/// else (<c>current_date - due_on</c>). A column of nothing but the clock (<c>now() as loaded_at</c>) says when a row was made, and is none. By tokens.
/// </summary>
internal sealed class TimeDependence
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        ["now", "current_", "today", "localtime", "_timestamp"],
        StringComparison.OrdinalIgnoreCase
    );

    private readonly SqlTokenTree _tokens;
    private readonly ImmutableHashSet<int> _questions;
    private readonly RunDependentExpression _expressions;

    private TimeDependence(SqlTokenTree tokens, ImmutableHashSet<int> questions)
    {
        _tokens = tokens;
        _questions = questions;
        _expressions = new RunDependentExpression(tokens, (_, _) => null, today: null, takesChance: true);
    }

    /// <returns>Where the question stands; null where there is none, or the text cannot be followed.</returns>
    public static int? Find(string sql)
    {
        if (!sql.AsSpan().ContainsAny(s_words))
            return null;
        var questions = ClockOverride.Places(sql).ToImmutableHashSet();
        return questions.IsEmpty || SqlTokenTree.Read(sql) is not { } tokens
            ? null
            : new TimeDependence(tokens, questions).Find(0, tokens.Count);
    }

    private int? Find(int start, int end)
    {
        for (var i = start; i < end; )
        {
            if (_tokens.Is(i, "select"))
            {
                if (FindInList(ref i, end) is { } listed)
                    return listed;
                continue;
            }
            if (_questions.Contains(_tokens[i].Start))
                return _tokens[i].Start;
            var close = _tokens.Closing(i);
            if (close > i && Find(i + 1, close) is { } inner)
                return inner;
            i = close + 1;
        }
        return null;
    }

    /// <param name="at">The word <c>select</c>; in the end what follows its list.</param>
    private int? FindInList(ref int at, int end)
    {
        for (at++; at < end && !EndsList(at); )
        {
            var first = at;
            while (at < end && !EndsList(at) && !_tokens.IsSymbol(at, ','))
                at = _tokens.Next(at);
            if (FirstQuestion(first, at) is { } question && !IsOfRun(first, at))
                return question;
            if (at < end && _tokens.IsSymbol(at, ','))
                at++;
        }
        return null;
    }

    private bool EndsList(int at) =>
        _tokens.Is(at, "from", "where", "group", "having", "qualify", "window", "order", "limit", "union")
        || _tokens.Is(at, "except", "intersect") && !_tokens.IsSymbol(at + 1, '(')
        || _tokens.IsSymbol(at, ';');

    private int? FirstQuestion(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_questions.Contains(_tokens[i].Start))
                return _tokens[i].Start;
        }
        return null;
    }

    /// <summary>With or without the name that it is given.</summary>
    private bool IsOfRun(int start, int end)
    {
        if (_tokens.Is(start, "distinct", "all"))
            start++;
        if (end - start > 2 && _tokens.Is(end - 2, "as"))
            return IsOfRun(start..(end - 2));
        return IsOfRun(start..end) || end - start > 1 && _tokens.IsName(end - 1) && IsOfRun(start..(end - 1));
    }

    private bool IsOfRun(Range expression) => _expressions.OriginOf(expression) is not null;
}
