using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>
/// Where a query reads columns that are made of the clock: <c>with p as (select current_date as today) ... where due &lt; p.today</c>. It follows what each
/// select reads and gives, through common table expressions, subqueries, stars, other names and relations whose columns are known. One pass, by tokens;
/// what it does not know gives no column.
/// </summary>
/// <param name="relation">The columns of the relation whose name stands at an offset; null for what is none.</param>
/// <param name="questionIn">Where tokens ask for the time, if they are an expression of nothing but the clock.</param>
/// <param name="add">Takes a place where the clock is read: where it stands, and where to show it.</param>
internal sealed class ClockColumns(
    SqlTokenTree tokens,
    Func<int, ClockRelation?> relation,
    Func<int, int, int?> questionIn,
    Action<int, int> add
)
{
    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    private readonly SelectQueryParser _items = new(tokens);
    private readonly QueryParts _parts = new(tokens);
    private readonly ColumnNames _names = new(tokens);
    private int _level;

    /// <returns>The columns of the whole query.</returns>
    public ClockRelation Read()
    {
        var end =
            tokens.Count > 0 && tokens.IsSymbol(tokens.Count - 1, ';') ? tokens.Count - 1 : tokens.Count;
        return ReadQuery(0, end, new ClockScope(null));
    }

    private ClockRelation ReadQuery(int start, int end, ClockScope outer)
    {
        if (_level == MostLevels)
            return ClockRelation.Unknown;
        _level++;
        var scope = new ClockScope(outer);
        if (tokens.Is(start, "with"))
            start = ReadTables(start + 1, end, scope);
        ClockRelation? all = null;
        for (var (first, at) = (start, start); at <= end; )
        {
            if (at < end && !tokens.IsSetOperator(at))
            {
                at = tokens.Next(at);
                continue;
            }
            var branch = ReadBranch(first, at, scope);
            all = all?.And(branch) ?? branch;
            at++;
            while (at < end && tokens.Is(at, "all", "distinct", "by", "name"))
                at++;
            first = at;
            if (at == end)
                break;
        }
        _level--;
        return all ?? ClockRelation.Unknown;
    }

    private int ReadTables(int at, int end, ClockScope scope)
    {
        if (tokens.Is(at, "recursive"))
            at++;
        while (at < end && tokens.IsName(at))
        {
            var name = tokens.NameAt(at++);
            var names = _parts.ReadNames(ref at);
            if (!tokens.Is(at, "as"))
                return at;
            at++;
            while (tokens.Is(at, "not", "materialized"))
                at++;
            if (!tokens.IsSymbol(at, '('))
                return at;
            // what reads itself begins with nothing known of it
            scope.AddTable(name, ClockRelation.Unknown);
            var columns = ReadQuery(at + 1, tokens.Closing(at), scope);
            scope.AddTable(name, names.IsDefault ? columns : columns.Renamed(names));
            at = tokens.Next(at);
            if (!tokens.IsSymbol(at, ','))
                return at;
            at++;
        }
        return at;
    }

    private ClockRelation ReadBranch(int start, int end, ClockScope outer)
    {
        var scope = new ClockScope(outer);
        if (tokens.IsSymbol(start, '('))
        {
            var inner = ReadQuery(start + 1, tokens.Closing(start), outer);
            Walk(tokens.Next(start), end, scope);
            return inner;
        }
        if (tokens.Is(start, "values"))
        {
            var at = start + 1;
            return ReadValues(ref at, end, scope);
        }
        var (items, itemsEnd) = (-1, -1);
        var rest = start;
        while (rest < end && (tokens.Is(rest, "select") && items < 0 || tokens.Is(rest, "from")))
        {
            if (tokens.Is(rest, "from"))
            {
                rest = ReadInputs(rest + 1, end, scope);
                continue;
            }
            items = rest + 1;
            while (tokens.Is(items, "all", "distinct"))
                items++;
            if (tokens.Is(items, "on") && tokens.IsSymbol(items + 1, '('))
                items = tokens.Next(items + 1);
            for (rest = items; rest < end && !_items.EndsList(rest); )
                rest = tokens.Next(rest);
            itemsEnd = rest;
        }
        var columns = items < 0 ? ClockRelation.Of(scope.Inputs) : ReadItems(items, itemsEnd, scope);
        Walk(rest, end, scope);
        return columns;
    }

    private ClockRelation ReadValues(ref int at, int end, ClockScope scope)
    {
        ClockRelation? all = null;
        for (; at < end && tokens.IsSymbol(at, '('); at++)
        {
            var row = ImmutableArray.CreateBuilder<ClockRelation.Column>();
            foreach (var (first, last) in _parts.Split(at + 1, tokens.Closing(at)))
            {
                Walk(first, last, scope);
                row.Add(new ClockRelation.Column(null, questionIn(first, last)));
            }
            var columns = new ClockRelation(row.ToImmutable(), isComplete: true);
            all = all?.And(columns) ?? columns;
            at = tokens.Next(at);
            if (!tokens.IsSymbol(at, ','))
                break;
        }
        return all ?? ClockRelation.Unknown;
    }

    /// <returns>Where what is read ends.</returns>
    private int ReadInputs(int at, int end, ClockScope scope)
    {
        var begins = true;
        while (at < end)
        {
            if (begins)
            {
                at = ReadInput(at, scope);
                begins = false;
            }
            else if (_parts.EndsInputs(at))
            {
                break;
            }
            else if (tokens.Is(at, "using"))
            {
                at++;
                foreach (var name in _parts.ReadNames(ref at) is { IsDefault: false } names ? names : [])
                    scope.AddMerged(name);
            }
            else if (tokens.Is(at, "on"))
            {
                var first = ++at;
                while (at < end && !_parts.EndsCondition(at))
                    at = tokens.Next(at);
                Walk(first, at, scope);
            }
            else
            {
                begins = tokens.IsSymbol(at, ',') || tokens.Is(at, "join");
                at = tokens.Next(at);
            }
        }
        return at;
    }

    private int ReadInput(int at, ClockScope scope)
    {
        if (tokens.Is(at, "lateral"))
            at++;
        string? alias = null;
        var columns = ClockRelation.Unknown;
        if (tokens.IsSymbol(at, '('))
        {
            var close = tokens.Closing(at);
            if (!_parts.StartsQuery(at + 1))
            {
                if (_level < MostLevels)
                {
                    _level++;
                    ReadInputs(at + 1, close, scope);
                    _level--;
                }
                return close + 1;
            }
            columns = ReadQuery(at + 1, close, scope);
            at = close + 1;
        }
        else if (tokens.Is(at, "values") && tokens.IsSymbol(at + 1, '('))
        {
            at++;
            columns = ReadValues(ref at, tokens.Count, scope);
        }
        else if (tokens.IsName(at))
        {
            (columns, alias) = ReadRelation(ref at, scope);
        }
        else
        {
            return at + 1;
        }
        if (tokens.Is(at, "as"))
            at++;
        if (at < tokens.Count && tokens.IsName(at) && SqlShape.IsAlias(tokens.Text, tokens[at]))
            alias = tokens.NameAt(at++);
        if (_parts.ReadNames(ref at) is { IsDefault: false } names)
            columns = columns.Renamed(names);
        scope.AddInput(alias, columns);
        return at;
    }

    private (ClockRelation Columns, string? Alias) ReadRelation(ref int at, ClockScope scope)
    {
        var first = at;
        at = _names.EndOf(at);
        if (tokens.IsSymbol(at, '('))
        {
            // what a function gives is not known
            Walk(at + 1, tokens.Closing(at), scope);
            at = tokens.Next(at);
            return (ClockRelation.Unknown, null);
        }
        var name = tokens.NameAt(at - 1);
        var columns =
            relation(tokens[first].Start)?.SeenFrom(tokens[first].Start)
            ?? (at == first + 1 ? scope.FindTable(name) : null)
            ?? ClockRelation.Unknown;
        return (columns, name);
    }

    private ClockRelation ReadItems(int start, int end, ClockScope scope)
    {
        var columns = ImmutableArray.CreateBuilder<ClockRelation.Column>();
        var isComplete = true;
        ClockRelation? only = null;
        foreach (var (first, last) in _parts.Split(start, end))
        {
            // built: now()
            var expression = _parts.IsNamedBefore(first) ? first + 2 : first;
            var item = _items.ReadItem(expression, last);
            if (item.Star is { } star)
            {
                var given = ReadStar(star, expression, last, scope);
                only = start == first && last == end ? given : null;
                columns.AddRange(given.Columns);
                isComplete &= given.IsComplete;
                continue;
            }
            var behind = item.Expression.End.Value;
            Walk(expression, behind, scope);
            var question = questionIn(expression, behind);
            var name =
                expression > first ? tokens.NameAt(first) : item.Name ?? _parts.MadeName(expression, behind);
            columns.Add(new ClockRelation.Column(name, question));
            if (question is { } place && (behind < last || expression > first) && name is not null)
                scope.AddLateral(name, place);
        }
        return only ?? new ClockRelation(columns.ToImmutable(), isComplete);
    }

    private ClockRelation ReadStar(SelectQuery.Star star, int start, int end, ClockScope scope)
    {
        var inputs = star.Of is { } alias ? [scope.FindInput(alias) ?? ClockRelation.Unknown] : scope.Inputs;
        if (tokens.Is(start, "columns"))
            return ClockRelation.Unknown;
        var given = ClockRelation.Of(inputs).Without(star.Except);
        if (star.IsPlain)
            return given;
        for (var i = start; i < end; i = tokens.Next(i))
        {
            if (!tokens.IsSymbol(i + 1, '('))
                continue;
            if (tokens.Is(i, "exclude", "except"))
            {
                var at = i + 1;
                given = given.Without(_parts.ReadNames(ref at));
            }
            else if (tokens.Is(i, "replace"))
            {
                given = Replaced(given, i + 2, tokens.Closing(i + 1), scope);
            }
            else if (tokens.Is(i, "rename"))
            {
                return ClockRelation.Unknown;
            }
        }
        return given;
    }

    private ClockRelation Replaced(ClockRelation given, int start, int end, ClockScope scope)
    {
        var replaced = new Dictionary<string, int?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (first, last) in _parts.Split(start, end))
        {
            var item = _items.ReadItem(first, last);
            Walk(first, item.Expression.End.Value, scope);
            if (item.Name is { } name)
                replaced[name] = questionIn(first, item.Expression.End.Value);
        }
        return given.Replaced(replaced);
    }

    /// <summary>Goes through an expression, or clauses of them.</summary>
    private void Walk(int start, int end, ClockScope scope)
    {
        if (_level == MostLevels)
            return;
        _level++;
        for (var at = start; at < end; )
        {
            if (tokens.IsName(at))
            {
                at = ReadName(at, scope);
                continue;
            }
            if (tokens.Closing(at) > at)
                WalkGroup(at, scope);
            at = tokens.Next(at);
        }
        _level--;
    }

    private void WalkGroup(int open, ClockScope scope)
    {
        var close = tokens.Closing(open);
        if (!tokens.IsSymbol(open, '(') || !_parts.StartsQuery(open + 1))
        {
            Walk(open + 1, close, scope);
            return;
        }
        var columns = ReadQuery(open + 1, close, scope);
        // where due < (select today from params)
        if (columns.Columns is [{ Question: { } question }] && !tokens.Is(open - 1, "exists"))
            add(tokens[open].Start, question);
    }

    /// <returns>Behind it.</returns>
    private int ReadName(int first, ClockScope scope)
    {
        var end = _names.EndOf(first);
        // a function, t.*, {at: now()}
        if (
            tokens.IsSymbol(end, '(')
            || tokens.IsSymbol(end, '.')
            || tokens.IsSymbol(end, ':') && !tokens.IsSymbol(end + 1, ':')
        )
            return end;
        var question =
            end == first + 1
                ? _names.MayBeColumn(first)
                    ? scope.QuestionOf(tokens.NameAt(first))
                    : null
                : QuestionOf(first, end, scope);
        if (question is not null && !_names.IsAskedForNull(first, end))
            add(tokens[first].Start, tokens[first].Start);
        return end;
    }

    // p.today, and main.p.today
    private int? QuestionOf(int first, int end, ClockScope scope) =>
        (
            scope.FindInput(tokens.NameAt(first)) is { } input
                ? input.QuestionOf(tokens.NameAt(first + 2))
                : null
        )
        ?? (
            end > first + 3 && scope.FindInput(tokens.NameAt(end - 3)) is { } qualified
                ? qualified.QuestionOf(tokens.NameAt(end - 1))
                : null
        );
}
