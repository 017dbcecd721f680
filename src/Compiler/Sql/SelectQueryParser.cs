using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Strata.Compiler.Sql;

/// <summary>Reads <see cref="SelectQuery"/>; what it does not know, it does not guess.</summary>
internal sealed class SelectQueryParser(SqlTokenTree tokens)
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_afterList = Words(
        "from",
        "where",
        "group",
        "having",
        "qualify",
        "window",
        "order",
        "limit",
        "offset",
        "fetch",
        "for"
    );

    // words that end an expression and name nothing
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_noAlias = Words(
        "end",
        "null",
        "true",
        "false",
        "unknown",
        "zone",
        "precision",
        "varying",
        "nulls",
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp"
    );

    // behind them stands an operand
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_operators = Words(
        "and",
        "or",
        "not",
        "in",
        "is",
        "like",
        "ilike",
        "similar",
        "to",
        "between",
        "from",
        "distinct",
        "all",
        "escape",
        "collate",
        "then",
        "else",
        "when",
        "case",
        "glob",
        "div"
    );

    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    private int _level;

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(
        params ReadOnlySpan<string> words
    ) => FrozenSet.Create(StringComparer.OrdinalIgnoreCase, words).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <returns>Null for what is no query, or one of a form that is not known.</returns>
    public static SelectQuery? Parse(SqlTokenTree tokens)
    {
        var end = tokens.Count;
        if (end > 0 && tokens.IsSymbol(end - 1, ';'))
            end--;
        return new SelectQueryParser(tokens).Query(0, end);
    }

    private SelectQuery? Query(int start, int end)
    {
        if (_level == MostLevels)
            return null;
        _level++;
        var query = ReadQuery(start, end);
        _level--;
        return query;
    }

    private SelectQuery? ReadQuery(int start, int end)
    {
        var tables = ImmutableArray.CreateBuilder<SelectQuery.CommonTable>();
        if (tokens.Is(start, "with"))
        {
            start += tokens.Is(start + 1, "recursive") ? 2 : 1;
            while (true)
            {
                if (ReadTable(ref start, end) is not { } table)
                    return null;
                tables.Add(table);
                if (!tokens.IsSymbol(start, ','))
                    break;
                start++;
            }
        }
        if (start >= end)
            return null;
        // a query may stand in parentheses
        if (tokens.IsSymbol(start, '(') && tokens.Next(start) == end)
            return Query(start + 1, end - 1) is { } inner
                ? inner with
                {
                    Tables = [.. tables, .. inner.Tables],
                }
                : null;
        return ReadBranches(start, end) is { } read
            ? new SelectQuery(tables.ToImmutable(), read.Branches, read.IsByName)
            : null;
    }

    private SelectQuery.CommonTable? ReadTable(ref int at, int end)
    {
        if (!tokens.IsName(at))
            return null;
        var name = tokens.NameAt(at++);
        var renames = tokens.IsSymbol(at, '(');
        if (renames)
            at = tokens.Next(at);
        if (!tokens.Is(at++, "as"))
            return null;
        if (tokens.Is(at, "not"))
            at++;
        if (tokens.Is(at, "materialized"))
            at++;
        if (at >= end || !tokens.IsSymbol(at, '('))
            return null;
        var body = (at + 1)..tokens.Closing(at);
        var query = renames ? null : Query(body.Start.Value, body.End.Value);
        at = tokens.Next(at);
        return new SelectQuery.CommonTable(name, query, body);
    }

    private (ImmutableArray<SelectQuery.Branch> Branches, bool IsByName)? ReadBranches(int start, int end)
    {
        var branches = ImmutableArray.CreateBuilder<SelectQuery.Branch>();
        var (isByName, hasNested) = (false, false);
        for (var i = start; i <= end; i = i < end ? tokens.Next(i) : i + 1)
        {
            if (i < end && !tokens.IsSetOperator(i))
                continue;
            if (ReadOperand(start, i) is not { IsDefault: false } read)
                return null;
            hasNested |= read.Length > 1;
            branches.AddRange(read);
            start = i + 1;
            if (tokens.Is(start, "all", "distinct"))
                start++;
            if (tokens.Is(start, "by") && tokens.Is(start + 1, "name"))
                (isByName, start) = (true, start + 2);
        }
        // the columns of a union within one by name are called as in its first branch
        return isByName && hasNested ? null : (branches.ToImmutable(), isByName);
    }

    /// <summary>What a union puts together: a select, or a query in parentheses, whose branches are then its own.</summary>
    /// <returns>None where it cannot be told.</returns>
    private ImmutableArray<SelectQuery.Branch> ReadOperand(int start, int end)
    {
        if (!tokens.IsSymbol(start, '(') || tokens.Next(start) != end)
            return ReadBranch(start, end) is { } branch ? [branch] : default;
        return Query(start + 1, end - 1) is { Tables.IsEmpty: true, IsByName: false } query
            ? query.Branches
            : default;
    }

    private SelectQuery.Branch? ReadBranch(int start, int end)
    {
        if (!tokens.Is(start, "select"))
            return null;
        start++;
        if (tokens.Is(start, "all", "distinct"))
            start++;
        var keys = ImmutableArray.CreateBuilder<Range>();
        if (tokens.Is(start, "on") && tokens.IsSymbol(start + 1, '('))
        {
            keys.Add((start + 2)..tokens.Closing(start + 1));
            start = tokens.Next(start + 1);
        }
        var items = ImmutableArray.CreateBuilder<SelectQuery.Item>();
        var at = start;
        for (; at < end && !EndsList(at); at = tokens.Next(at))
        {
            if (!tokens.IsSymbol(at, ','))
                continue;
            items.Add(ReadItem(start, at));
            start = at + 1;
        }
        if (at > start)
            items.Add(ReadItem(start, at));
        if (ReadGrouping(at, end) is { } grouping)
            keys.Add(grouping);
        var branch = new SelectQuery.Branch(items.ToImmutable(), []) { Keys = keys.ToImmutable() };
        return tokens.Is(at, "from") ? ReadInputs(branch, at + 1, end) : branch;
    }

    private Range? ReadGrouping(int at, int end)
    {
        while (at < end && !(tokens.Is(at, "group") && tokens.Is(at + 1, "by")))
            at = tokens.Next(at);
        if (at >= end)
            return null;
        var start = at + 2;
        for (at = start; at < end; at = tokens.Next(at))
        {
            if (tokens.Is(at, "having", "qualify", "window", "order", "limit", "offset", "fetch", "for"))
                break;
        }
        return start..at;
    }

    // 'is distinct from' goes on
    public bool EndsList(int at) =>
        tokens.KindAt(at) == SqlTokenKind.Word
        && s_afterList.Contains(tokens.SpanAt(at))
        && !(tokens.Is(at, "from") && tokens.Is(at - 1, "distinct"))
        && !tokens.IsSymbol(at - 1, '.')
        && !tokens.Is(at - 1, "as");

    /// <summary>One item of a select list, between commas.</summary>
    public SelectQuery.Item ReadItem(int start, int end)
    {
        if (ReadStar(start, end) is { } star)
            return new SelectQuery.Item(null, start..end) { Star = star };
        var last = end - 1;
        if (last - start >= 2 && tokens.Is(last - 1, "as"))
            return new SelectQuery.Item(tokens.IsName(last) ? tokens.NameAt(last) : null, start..(last - 1));
        if (!tokens.IsName(last))
            return new SelectQuery.Item(null, start..end);
        if (IsColumn(start, end))
            return new SelectQuery.Item(tokens.NameAt(last), start..end);
        return IsAlias(start, last)
            ? new SelectQuery.Item(tokens.NameAt(last), start..last)
            : new SelectQuery.Item(null, start..end);
    }

    // a, t.a, s.t.a
    private bool IsColumn(int start, int end)
    {
        if ((end - start) % 2 == 0)
            return false;
        for (var i = start; i < end; i++)
        {
            if ((i - start) % 2 == 0 ? !tokens.IsName(i) : !tokens.IsSymbol(i, '.'))
                return false;
        }
        return true;
    }

    /// <summary>Whether a name stands behind a whole operand, and so is what that is called.</summary>
    private bool IsAlias(int start, int last)
    {
        var before = last - 1;
        if (
            before < start
            // sum(x) over w: the name of a window
            || tokens.Is(before, "over")
            || tokens.KindAt(last) == SqlTokenKind.Word && s_noAlias.Contains(tokens.SpanAt(last))
        )
            return false;
        // interval 1 day, interval '1' day
        if (before > start && tokens.Is(before - 1, "interval"))
            return false;
        return tokens.KindAt(before) switch
        {
            SqlTokenKind.Symbol => tokens.SpanAt(before) is ")" or "]" or "}",
            SqlTokenKind.Word => !s_operators.Contains(tokens.SpanAt(before)),
            _ => true,
        };
    }

    private SelectQuery.Star? ReadStar(int start, int end)
    {
        string? of = null;
        var at = start;
        for (; at + 2 < end && tokens.IsName(at) && tokens.IsSymbol(at + 1, '.'); at += 2)
            of = tokens.NameAt(at);
        if (at >= end || !tokens.IsSymbol(at, '*'))
            return tokens.Is(start, "columns") && tokens.IsSymbol(start + 1, '(')
                ? new SelectQuery.Star(null, [], IsPlain: false)
                : null;
        at++;
        if (at == end)
            return new SelectQuery.Star(of, [], IsPlain: true);
        if (!tokens.Is(at, "exclude", "except") || tokens.Next(at + 1) != end)
            return new SelectQuery.Star(of, [], IsPlain: false);
        var except = Enumerable.Range(at + 1, end - at - 1).Where(tokens.IsName).Select(tokens.NameAt);
        return new SelectQuery.Star(of, [.. except], IsPlain: true);
    }

    private SelectQuery.Branch? ReadInputs(SelectQuery.Branch branch, int at, int end)
    {
        var inputs = ImmutableArray.CreateBuilder<SelectQuery.Input>();
        var merged = ImmutableArray.CreateBuilder<string>();
        var (begins, isOuter, isHidden) = (true, false, false);
        while (at < end)
        {
            if (begins)
            {
                if (ReadInput(ref at) is not { } input)
                    return null;
                inputs.Add(input with { MayBeMissing = isOuter, IsHidden = isHidden });
                (begins, isOuter, isHidden) = (false, false, false);
                continue;
            }
            if (tokens.Is(at, "where", "group", "having", "qualify", "window", "order", "limit", "offset"))
                break;
            // names of columns are merged, or other ones
            if (tokens.Is(at, "natural", "pivot", "unpivot"))
                return null;
            if (tokens.Is(at, "right", "full", "positional"))
            {
                for (var i = 0; i < inputs.Count; i++)
                    inputs[i] = inputs[i] with { MayBeMissing = true };
            }
            if (tokens.Is(at, "using") && tokens.IsSymbol(at + 1, '('))
                merged.AddRange(
                    Enumerable
                        .Range(at + 2, tokens.Closing(at + 1) - at - 2)
                        .Where(tokens.IsName)
                        .Select(tokens.NameAt)
                );
            isOuter |= tokens.Is(at, "left", "full", "positional");
            isHidden |= tokens.Is(at, "semi", "anti");
            begins = tokens.IsSymbol(at, ',') || tokens.Is(at, "join");
            at = tokens.Next(at);
        }
        return branch with { Inputs = inputs.ToImmutable(), Merged = merged.ToImmutable() };
    }

    private SelectQuery.Input? ReadInput(ref int at)
    {
        if (tokens.Is(at, "lateral"))
            at++;
        var start = at;
        if (ReadRelation(ref at) is not { } input)
            return null;
        input = input with { Alias = ReadAlias(ref at) ?? input.Alias };
        // columns that are called something else here: t (a, b)
        if (tokens.IsSymbol(at, '('))
        {
            at = tokens.Next(at);
            input = SelectQuery.Input.Unknown with { Alias = input.Alias };
        }
        return input with { Body = start..at };
    }

    private SelectQuery.Input? ReadRelation(ref int at)
    {
        if (tokens.IsSymbol(at, '('))
        {
            var query = Query(at + 1, tokens.Closing(at));
            at = tokens.Next(at);
            return SelectQuery.Input.Unknown with { Query = query };
        }
        if (!tokens.IsName(at))
            return null;
        var start = tokens[at].Start;
        var isQualified = false;
        for (; tokens.IsSymbol(at + 1, '.') && tokens.IsName(at + 2); at += 2)
            isQualified = true;
        var name = tokens.NameAt(at++);
        if (!tokens.IsSymbol(at, '('))
            return new SelectQuery.Input(isQualified ? null : name, name, start, null);
        // what a function gives is not known
        at = tokens.Next(at);
        return SelectQuery.Input.Unknown;
    }

    private string? ReadAlias(ref int at)
    {
        if (tokens.Is(at, "as"))
            at++;
        else if (at >= tokens.Count || !SqlShape.IsAlias(tokens.Text, tokens[at]))
            return null;
        return tokens.IsName(at) ? tokens.NameAt(at++) : null;
    }
}
