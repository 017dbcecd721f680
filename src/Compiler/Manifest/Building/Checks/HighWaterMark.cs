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

    private readonly HashSet<string> _maxima = new(StringComparer.OrdinalIgnoreCase);

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
        var isGreater = tokens.IsSymbol(at, '>');
        if (
            !isGreater && !tokens.IsSymbol(at, '<')
            || IsPartOfOperator(at - 1, at)
            || tokens.Is(operand - 1, "not")
        )
            return false;
        var other = at + 1;
        if (tokens.IsSymbol(other, '=') && tokens[other].Start == tokens[at].End)
            other++;
        if (IsPartOfOperator(other - 1, other))
            return false;
        var otherEnd = other;
        while (otherEnd < end && !EndsOperand(otherEnd) && !tokens.Is(otherEnd, "group", "order", "limit"))
            otherEnd = tokens.Next(otherEnd);
        return isGreater
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
        if (tokens.Is(operand, "coalesce"))
            operand++;
        while (tokens.IsSymbol(operand, '('))
        {
            if (tokens.Is(operand + 1, "select"))
                return IsMaximum(operand + 1, tokens.Closing(operand));
            operand++;
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
        return isNamed && IsMaximum(at + 1, close) ? tokens.NameAt(name) : null;
    }

    private bool IsMaximum(int select, int end)
    {
        var hasMaximum = false;
        for (var i = select + 1; i < end; i++)
        {
            hasMaximum |= tokens.Is(i, "max") && tokens.IsSymbol(i + 1, '(');
            // coalesce(max(ts), ...) is one level down
            if (!tokens.Is(i, "from"))
                continue;
            var read = i + 1;
            return read < end
                && (
                    hasMaximum && own.Contains(tokens[read].Start)
                    || tokens.IsName(read) && _maxima.Contains(tokens.NameAt(read))
                );
        }
        return false;
    }
}
