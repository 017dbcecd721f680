using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Where a query reads columns of its own that are made of the clock: <c>with p as (select current_date as today) ... where due &lt; p.today</c>. Only
/// where the name of what has them stands before them, and cannot be that of anything else.
/// </summary>
/// <param name="isOfClock">Whether tokens are an expression of nothing but the clock.</param>
internal sealed class ClockColumns(SqlTokenTree tokens, Func<int, int, bool> isOfClock)
{
    /// <summary>Where such a column is read, in the text.</summary>
    public IEnumerable<int> Uses()
    {
        var found = new List<int>();
        for (var open = 0; open < tokens.Count; open++)
        {
            if (!tokens.IsSymbol(open, '(') || !tokens.Is(open + 1, "select"))
                continue;
            var columns = ColumnsOf(open + 2, tokens.Closing(open));
            if (columns.Count == 0)
                continue;
            foreach (var name in NamesOf(open))
                found.AddRange(Uses(name, open, columns));
        }
        return found;
    }

    private HashSet<string> ColumnsOf(int start, int end)
    {
        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = start; at < end && !tokens.Is(at, "from", "where", "union"); at++)
        {
            var first = at;
            while (at < end && !tokens.Is(at, "from", "where", "union") && !tokens.IsSymbol(at, ','))
                at = tokens.Next(at);
            if (
                at - first > 2
                && tokens.Is(at - 2, "as")
                && tokens.IsName(at - 1)
                && isOfClock(first, at - 2)
            )
                columns.Add(tokens.NameAt(at - 1));
            if (!tokens.IsSymbol(at, ','))
                break;
        }
        return columns;
    }

    /// <summary>How it is called: a table expression by its own name and those that it is read by, a subquery by what stands behind it.</summary>
    private IEnumerable<string> NamesOf(int open)
    {
        var close = tokens.Closing(open);
        var before = tokens.Is(open - 1, "materialized")
            ? open - (tokens.Is(open - 2, "not") ? 3 : 2)
            : open - 1;
        if (!tokens.Is(before, "as"))
        {
            var alias = tokens.Is(close + 1, "as") ? close + 2 : close + 1;
            return IsAlias(alias) && Mentions(tokens.NameAt(alias)).Count() == 1
                ? [tokens.NameAt(alias)]
                : [];
        }
        if (!tokens.IsName(before - 1))
            return [];
        var name = tokens.NameAt(before - 1);
        var names = new List<string>();
        foreach (var read in Mentions(name).Where(at => at > close))
        {
            var alias = tokens.Is(read + 1, "as") ? read + 2 : read + 1;
            if (!IsAlias(alias))
                names.Add(name);
            else if (Mentions(tokens.NameAt(alias)).Count() == 1)
                names.Add(tokens.NameAt(alias));
        }
        return names.Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private bool IsAlias(int at) => at < tokens.Count && SqlShape.IsAlias(tokens.Text, tokens[at]);

    /// <summary>Where a name stands that is no part of another.</summary>
    private IEnumerable<int> Mentions(string name) =>
        Enumerable
            .Range(0, tokens.Count)
            .Where(at => IsNamed(at, name) && !tokens.IsSymbol(at + 1, '.') && !tokens.IsSymbol(at - 1, '.'));

    private bool IsNamed(int at, string name) =>
        tokens.IsName(at) && tokens.NameAt(at).Equals(name, StringComparison.OrdinalIgnoreCase);

    // within it the name is that of what it reads itself; a null says that there is no row
    private IEnumerable<int> Uses(string name, int open, HashSet<string> columns) =>
        Enumerable
            .Range(tokens.Closing(open), tokens.Count - tokens.Closing(open))
            .Where(at =>
                IsNamed(at, name)
                && !tokens.IsSymbol(at - 1, '.')
                && tokens.IsSymbol(at + 1, '.')
                && tokens.IsName(at + 2)
                && columns.Contains(tokens.NameAt(at + 2))
                && !tokens.Is(at + 3, "is")
            )
            .Select(at => tokens[at].Start)
            .ToList();
}
