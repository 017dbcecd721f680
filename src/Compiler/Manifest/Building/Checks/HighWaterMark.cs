using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Finds the condition that leaves out rows which are not newer than those a model has: <c>where ts > (select max(ts) from {{ this }})</c>, in either order.
/// By tokens: what stands in a comment, a string or a select list leaves out nothing.
/// </summary>
/// <param name="own">Where the names of the model's own relation stand.</param>
internal sealed class HighWaterMark(SqlTokenTree tokens, ImmutableHashSet<int> own)
{
    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    // of a row that has just been taken in they are always newer
    private static readonly string[] s_alwaysNewer = ["_ingested_at", "_batch_id"];

    // whose value is told by that of an argument
    private static readonly string[] s_wrappers =
    [
        "cast",
        "coalesce",
        "date",
        "date_trunc",
        "greatest",
        "ifnull",
        "nvl",
        "try_cast",
    ];

    private readonly HashSet<string> _maxima = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _maximumColumns = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>Where the comparison stands; null where there is none.</returns>
    public int? Find()
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (ReadTableOfMaximum(i) is { } name)
                _maxima.Add(name);
        }
        return Find(0, tokens.Count, isCondition: false, 0);
    }

    private int? Find(int start, int end, bool isCondition, int level)
    {
        if (level == MostLevels)
            return null;
        // filter (where ...) chooses what is counted, and no rows
        var first = start < end && tokens.Is(start, "where") ? start + 1 : start;
        var (operand, keepsRows) = (first, false);
        var condition = first;
        for (var i = first; i < end; i++)
        {
            if (tokens.Is(i, "where", "qualify", "having"))
                isCondition = true;
            else if (tokens.Is(i, "on"))
                (isCondition, keepsRows) = (!keepsRows, false);
            else if (tokens.Is(i, "select", "from", "join", "group", "order", "union", "window"))
                isCondition = false;
            // a row of which they find nothing stays all the same
            else if (tokens.Is(i, "left", "full", "anti") && !tokens.IsSymbol(i + 1, '('))
                keepsRows = true;
            else if (isCondition && IsMark(operand, i, end) && !HasOtherWayIn(condition, i, end))
                return tokens[i].Start;
            if (EndsCondition(i))
                condition = i + 1;
            if (EndsOperand(i))
                operand = i + 1;
            var close = tokens.Closing(i);
            if (close == i)
                continue;
            if (
                !tokens.Is(i - 1, "not")
                && !(isCondition && HasOtherWayIn(condition, i, end))
                && Find(i + 1, close, isCondition, level + 1) is { } found
            )
                return found;
            i = close;
        }
        return null;
    }

    private bool EndsCondition(int at) =>
        tokens.IsSymbol(at, ',')
        || tokens.Is(at, "where", "qualify", "having", "on", "when", "then", "else", "end")
        || tokens.Is(at, "select", "from", "join", "left", "right", "full", "inner", "cross", "anti")
        || tokens.Is(at, "group", "order", "limit", "union", "except", "intersect", "window");

    /// <summary>Whether rows come in by another side of an <c>or</c>, though they are not newer: <c>ts > (select max(ts) ...) or is_open</c>.</summary>
    /// <param name="start">Where the condition begins in which something stands.</param>
    private bool HasOtherWayIn(int start, int at, int end)
    {
        for (var side = start; side < end && !EndsCondition(side); )
        {
            var sideEnd = side;
            while (sideEnd < end && !EndsCondition(sideEnd) && !tokens.Is(sideEnd, "or"))
                sideEnd = tokens.Next(sideEnd);
            if ((at < side || at >= sideEnd) && !IsOfMarks(side, sideEnd))
                return true;
            side = tokens.Is(sideEnd, "or") ? sideEnd + 1 : end;
        }
        return false;
    }

    /// <summary>What stands beside a mark and takes in no other rows: that there are none yet, rows without a time, or another mark.</summary>
    private bool IsOfMarks(int start, int end)
    {
        while (
            tokens.IsSymbol(start, '(') && tokens.Closing(start) == end - 1 && !tokens.Is(start + 1, "select")
        )
            (start, end) = (start + 1, end - 1);
        if (tokens.Is(end - 2, "is") && tokens.Is(end - 1, "null"))
            return true;
        if (tokens.Is(start, "not") && tokens.Is(start + 1, "exists"))
            return true;
        var operand = start;
        for (var i = start; i < end; i = tokens.Next(i))
        {
            if (IsMark(operand, i, end))
                return true;
            if (EndsOperand(i))
                operand = i + 1;
        }
        return false;
    }

    private bool EndsOperand(int at) =>
        tokens.IsSymbol(at, ',')
        || tokens.Is(at, "where", "qualify", "having", "on", "and", "or", "not", "when", "then", "else");

    private bool IsMark(int operand, int at, int end)
    {
        var isNegated = tokens.Is(operand - 1, "not");
        if (tokens.Is(at, "between"))
            return !isNegated
                && !tokens.Is(at - 1, "not")
                && IsMaximumOf(at + 1)
                && !IsAlwaysNewer(operand, at);
        var isGreater = tokens.IsSymbol(at, '>');
        if (!isGreater && !tokens.IsSymbol(at, '<') || IsPartOfOperator(at - 1, at))
            return false;
        var other = at + 1;
        if (tokens.IsSymbol(other, '=') && tokens[other].Start == tokens[at].End)
            other++;
        if (IsPartOfOperator(other - 1, other))
            return false;
        var otherEnd = other;
        while (otherEnd < end && !EndsOperand(otherEnd) && !tokens.Is(otherEnd, "group", "order", "limit"))
            otherEnd = tokens.Next(otherEnd);
        // not ts <= (select max(ts) ...)
        return isGreater != isNegated
            ? IsMaximumOf(other) && !IsAlwaysNewer(operand, at)
            : IsMaximumOf(operand) && !IsAlwaysNewer(other, otherEnd);
    }

    // <>, ->, =>, >>: what stands without a blank between them is one
    private bool IsPartOfOperator(int left, int right) =>
        left >= 0
        && right < tokens.Count
        && tokens[left].End == tokens[right].Start
        && IsOperator(left)
        && IsOperator(right);

    private bool IsOperator(int at) =>
        tokens.KindAt(at) == SqlTokenKind.Symbol && "<>=-!~@#|&?^%".Contains(tokens.TextAt(at)[0]);

    private bool IsMaximumOf(int operand)
    {
        if (tokens.IsName(operand) && tokens.IsSymbol(operand + 1, '.'))
            return _maxima.Contains(tokens.NameAt(operand));
        if (tokens.IsName(operand) && !tokens.IsSymbol(operand + 1, '('))
            return _maximumColumns.Contains(tokens.NameAt(operand));
        if (tokens.Is(operand, "all") && tokens.Is(operand + 2, "select"))
            return ReadsOwn(operand + 2, tokens.Closing(operand + 1)) is { } all && IsOfAllRows(all);
        if (tokens.Is(operand, s_wrappers) && tokens.IsSymbol(operand + 1, '('))
            return IsMaximumOfAny(operand + 1);
        while (tokens.IsSymbol(operand, '('))
        {
            if (tokens.Is(operand + 1, "select"))
                return IsMaximum(operand + 1, tokens.Closing(operand));
            operand++;
            if (tokens.Is(operand, s_wrappers))
                return IsMaximumOf(operand);
        }
        return false;
    }

    private bool IsMaximumOfAny(int open)
    {
        if (IsMaximumOf(open + 1))
            return true;
        for (var i = open + 1; i < tokens.Closing(open); i = tokens.Next(i))
        {
            if (tokens.IsSymbol(i, ',') && IsMaximumOf(i + 1))
                return true;
        }
        return false;
    }

    private bool IsAlwaysNewer(int start, int end) =>
        Enumerable
            .Range(start, end - start)
            .Any(i =>
                tokens.IsName(i) && s_alwaysNewer.Contains(tokens.NameAt(i), StringComparer.OrdinalIgnoreCase)
            );

    // with m as (select max(ts) as m from {{ this }}), and: from o, (select max(ts) as m from {{ this }}) m
    private string? ReadTableOfMaximum(int at)
    {
        if (!tokens.IsSymbol(at, '(') || !tokens.Is(at + 1, "select"))
            return null;
        var close = tokens.Closing(at);
        var name =
            tokens.Is(at - 1, "as") && tokens.IsName(at - 2) ? at - 2
            : tokens.Is(close + 1, "as") ? close + 2
            : close + 1;
        var isNamed = tokens.IsName(name) && (name < at || SqlShape.IsAlias(tokens.Text, tokens[name]));
        if (!isNamed || !IsMaximum(at + 1, close))
            return null;
        // read by its own name alone: where s.ts > newest
        for (var i = at + 2; i < close && !tokens.Is(i, "from"); i = tokens.Next(i))
        {
            if (tokens.Is(i, "as") && tokens.IsName(i + 1))
                _maximumColumns.Add(tokens.NameAt(i + 1));
        }
        return tokens.NameAt(name);
    }

    private bool IsMaximum(int select, int end)
    {
        // coalesce(max(ts), ...) is one level down
        var hasMaximum = false;
        var list = select + 1;
        while (list < end && !tokens.Is(list, "from"))
            list = tokens.Next(list);
        for (var i = select + 1; i < list; i++)
            hasMaximum |= tokens.Is(i, "max") && tokens.IsSymbol(i + 1, '(');
        if (ReadsOwn(select, end) is not { } source)
            return ReadsMaximum(select, end);
        return (hasMaximum || IsFirstOfAll(source.End)) && IsOfAllRows(source);

        bool IsFirstOfAll(int at)
        {
            var isDescending = false;
            for (; at < end; at = tokens.Next(at))
            {
                isDescending |= tokens.Is(at, "desc");
                if (tokens.Is(at, "limit"))
                    return isDescending
                        && tokens.KindAt(at + 1) == SqlTokenKind.Number
                        && tokens.TextAt(at + 1) == "1";
            }
            return false;
        }
    }

    // with m as (select max(ts) ...), and: (select ts from m)
    private bool ReadsMaximum(int select, int end)
    {
        for (var i = select + 1; i < end; i = tokens.Next(i))
        {
            if (tokens.Is(i, "from"))
                return tokens.IsName(i + 1) && _maxima.Contains(tokens.NameAt(i + 1));
        }
        return false;
    }

    /// <summary>What a select reads, if that is the model's own relation: what it is called, and where its name ends and the select.</summary>
    private (string Alias, int End, int SelectEnd)? ReadsOwn(int select, int end)
    {
        var read = select + 1;
        while (read < end && !tokens.Is(read, "from"))
            read = tokens.Next(read);
        if (++read >= end)
            return null;
        var behind = tokens.Next(read);
        var isOwn = own.Contains(tokens[read].Start);
        if (isOwn)
        {
            for (; tokens.IsSymbol(behind, '.') && tokens.IsName(behind + 1); behind += 2) { }
        }
        else if (
            !tokens.IsSymbol(read, '(')
            || !tokens.Is(read + 1, "select")
            || ReadsOwn(read + 1, behind - 1) is not { } inner
            || !IsOfAllRows(inner)
        )
        {
            return null;
        }
        var alias = isOwn ? tokens.NameAt(behind - 1) : "";
        if (tokens.Is(behind, "as"))
            behind++;
        if (behind < end && SqlShape.IsAlias(tokens.Text, tokens[behind]))
            alias = tokens.NameAt(behind++);
        return (alias, behind, end);
    }

    /// <summary>Whether it is not asked for one key at a time: a row that is not newer than another one of its key is passed over for good reason.</summary>
    private bool IsOfAllRows((string Alias, int End, int SelectEnd) source)
    {
        for (var i = source.End; i < source.SelectEnd; i++)
        {
            if (tokens.Is(i, "group") && tokens.Is(i + 1, "by"))
                return false;
            var isOther =
                tokens.IsName(i)
                && tokens.IsSymbol(i + 1, '.')
                && !tokens.IsSymbol(i - 1, '.')
                && !tokens.NameAt(i).Equals(source.Alias, StringComparison.OrdinalIgnoreCase);
            if (isOther && !own.Contains(tokens[i].Start))
                return false;
        }
        return true;
    }
}
