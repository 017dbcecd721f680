using System.Buffers;
using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>
/// Finds where a query's rows hang on the time at which it runs: a condition that asks for it, or a column that is made of it and of data
/// (<c>current_date - due_on</c>). A column of nothing but the clock (<c>now() as loaded_at</c>) says when a row was made, and is none; where it is
/// compared with others in its turn, it asks as well. By tokens.
/// </summary>
internal sealed class TimeDependence
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        ["now", "current_", "today", "localtime", "_timestamp", "age", "tomorrow", "yesterday", "timeofday"],
        StringComparison.OrdinalIgnoreCase
    );

    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    private readonly SqlTokenTree _tokens;

    /// <summary>Where questions stand, and where to show them.</summary>
    private readonly Dictionary<int, int> _questions;

    /// <summary>Those in lists that only say in what order rows are looked at, or in what groups, by themselves.</summary>
    private readonly HashSet<int> _idle = [];
    private readonly ClockExpression _expressions;
    private readonly ClockRelation _columns;
    private int _level;

    private TimeDependence(
        SqlTokenTree tokens,
        Dictionary<int, int> questions,
        Func<int, ClockRelation?> relation
    )
    {
        _tokens = tokens;
        _questions = questions;
        _expressions = new ClockExpression(
            tokens,
            place => _questions.ContainsKey(place) || _idle.Contains(place),
            _questions.ContainsKey
        );
        LeaveOutIdle();
        _columns = new ClockColumns(
            tokens,
            relation,
            QuestionOfClock,
            (place, shown) => _questions.TryAdd(place, shown)
        ).Read();
        LeaveOutIdle();
    }

    /// <returns>Where the question stands; null where there is none, or the text cannot be followed.</returns>
    public static int? Find(string sql) => Find(sql, [], _ => null);

    /// <param name="instants">Where the start of the run stands in the text.</param>
    /// <param name="relation">The columns of the relation whose name stands at an offset; null for what is none.</param>
    public static int? Find(string sql, ImmutableArray<int> instants, Func<int, ClockRelation?> relation) =>
        Find(Read(sql, instants, relation, asksItself: true));

    /// <summary>Where its rows hang on the start of the run that is written into it, whatever else they hang on.</summary>
    public static int? FindInstant(string sql, ImmutableArray<int> instants) =>
        Find(Read(sql, instants, _ => null, asksItself: false));

    private static int? Find(TimeDependence? read) => read?.Find(0, read._tokens.Count);

    /// <summary>The columns of a query, as far as they are known.</summary>
    public static ClockRelation ColumnsOf(
        string sql,
        ImmutableArray<int> instants,
        Func<int, ClockRelation?> relation
    ) => Read(sql, instants, relation, asksItself: true)?._columns ?? ClockRelation.Unknown;

    /// <summary>Whether a text that reads nothing made of the clock may ask for the time.</summary>
    public static bool MayAsk(string sql) => sql.AsSpan().ContainsAny(s_words);

    private static TimeDependence? Read(
        string sql,
        ImmutableArray<int> instants,
        Func<int, ClockRelation?> relation,
        bool asksItself
    )
    {
        if (SqlTokenTree.Read(sql) is not { } tokens)
            return null;
        var questions = instants.ToDictionary(place => place);
        if (asksItself && MayAsk(sql))
        {
            foreach (var place in ClockOverride.Places(tokens))
                questions.TryAdd(place, place);
        }
        return new TimeDependence(tokens, questions, relation);
    }

    private void LeaveOutIdle()
    {
        if (_questions.Count == 0)
            return;
        for (var i = 0; i < _tokens.Count; i++)
        {
            if (!_tokens.Is(i, "order", "partition", "group") || !_tokens.Is(i + 1, "by"))
                continue;
            for (var at = i + 2; at < _tokens.Count && !EndsItems(at); )
            {
                var first = at;
                while (at < _tokens.Count && !EndsItems(at) && !_tokens.IsSymbol(at, ','))
                    at = _tokens.Next(at);
                if (QuestionOfClock(first, at) is not null)
                    _idle.UnionWith(PlacesIn(first, at));
                if (_tokens.IsSymbol(at, ','))
                    at++;
            }
        }
        foreach (var place in _idle)
            _questions.Remove(place);
    }

    private bool EndsItems(int at) =>
        EndsList(at) || _tokens.IsSymbol(at, ')') || _tokens.IsSymbol(at, ']') || _tokens.IsSymbol(at, '}');

    private IEnumerable<int> PlacesIn(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_questions.ContainsKey(_tokens[i].Start))
                yield return _tokens[i].Start;
        }
    }

    private int? Find(int start, int end)
    {
        if (_questions.Count == 0 || _level == MostLevels)
            return null;
        _level++;
        var found = FindAt(start, end);
        _level--;
        return found;
    }

    private int? FindAt(int start, int end)
    {
        for (var i = start; i < end; )
        {
            if (StartsList(i) is > 0 and var words)
            {
                i += words;
                if (FindInList(ref i, end) is { } listed)
                    return listed;
                continue;
            }
            if (_tokens.Is(i, "values") && _tokens.IsSymbol(i + 1, '('))
            {
                if (FindInValues(ref i, end) is { } value)
                    return value;
                continue;
            }
            if (_questions.TryGetValue(_tokens[i].Start, out var shown))
                return shown;
            var close = _tokens.Closing(i);
            if (close > i && Find(i + 1, close) is { } inner)
                return inner;
            i = close + 1;
        }
        return null;
    }

    /// <returns>Of how many words; none where no list begins.</returns>
    private int StartsList(int at) =>
        _tokens.Is(at, "select") ? 1
        : _tokens.Is(at, "group", "order", "partition") && _tokens.Is(at + 1, "by") ? 2
        : 0;

    /// <param name="at">Where the first item begins; in the end what follows the list.</param>
    private int? FindInList(ref int at, int end)
    {
        while (at < end && !EndsList(at))
        {
            var first = at;
            while (at < end && !EndsList(at) && !_tokens.IsSymbol(at, ','))
                at = _tokens.Next(at);
            if (FindInItem(first, at) is { } question)
                return question;
            if (at < end && _tokens.IsSymbol(at, ','))
                at++;
        }
        return null;
    }

    private int? FindInValues(ref int at, int end)
    {
        for (at++; at < end && _tokens.IsSymbol(at, '('); at++)
        {
            var first = at + 1;
            if (FindInList(ref first, _tokens.Closing(at)) is { } question)
                return question;
            at = _tokens.Closing(at) + 1;
            if (!_tokens.IsSymbol(at, ','))
                break;
        }
        return null;
    }

    private bool EndsList(int at) =>
        _tokens.Is(at, "from", "where", "group", "having", "qualify", "window", "limit", "union", "offset")
        || _tokens.Is(at, "order", "partition", "rows", "range", "groups", "fetch")
        || _tokens.Is(at, "except", "intersect") && !_tokens.IsSymbol(at + 1, '(')
        || _tokens.IsSymbol(at, ';');

    private int? FindInItem(int start, int end)
    {
        if (FirstQuestion(start, end) is not { } question || _expressions.IsOfRun(start, end))
            return null;
        // (select now() from t limit 1) as loaded_at
        var first = _tokens.Is(start, "distinct", "all") ? start + 1 : start;
        var close = first < end ? _tokens.Closing(first) : first;
        var isQuery = _tokens.IsSymbol(first, '(') && _tokens.Is(first + 1, "select", "with", "from");
        if (isQuery && (close + 1 >= end - 1 || _tokens.Is(close + 1, "as") && close + 3 == end))
            return Find(first + 1, close);
        // * replace (now() as loaded_at)
        if (FindReplacements(start, end) is { } open)
        {
            var replaced = open + 1;
            return FindInList(ref replaced, _tokens.Closing(open));
        }
        return question;
    }

    private int? FindReplacements(int start, int end)
    {
        var star = start;
        while (star + 2 < end && _tokens.IsName(star) && _tokens.IsSymbol(star + 1, '.'))
            star += 2;
        if (!_tokens.IsSymbol(star, '*'))
            return null;
        for (var i = star + 1; i < end; i = _tokens.Next(i))
        {
            if (_tokens.Is(i, "replace") && _tokens.IsSymbol(i + 1, '('))
                return i + 1;
        }
        return null;
    }

    private int? FirstQuestion(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_questions.TryGetValue(_tokens[i].Start, out var shown))
                return shown;
        }
        return null;
    }

    private int? QuestionOfClock(int start, int end) =>
        FirstQuestion(start, end) is { } question && _expressions.IsOfRun(start, end) ? question : null;
}
