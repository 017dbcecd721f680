using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>Where the parts of a query begin and end, and what they are called, by the tokens around them.</summary>
internal sealed class QueryParts(SqlTokenTree tokens)
{
    private static readonly string[] s_afterList =
    [
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
        "for",
        "select",
    ];

    private static readonly string[] s_joins =
    [
        "join",
        "left",
        "right",
        "full",
        "inner",
        "cross",
        "natural",
        "asof",
        "semi",
        "anti",
        "positional",
    ];

    /// <summary>Whether a query begins, in parentheses or not.</summary>
    public bool StartsQuery(int at)
    {
        var first = at;
        while (tokens.IsSymbol(first, '('))
            first++;
        return tokens.Is(first, "select", "with", "from", "values")
            && (
                first == at || tokens.IsSetOperator(tokens.Next(at)) || tokens.IsSymbol(tokens.Next(at), ')')
            );
    }

    /// <summary>Whether the clause behind what a select reads begins.</summary>
    public bool EndsInputs(int at) => tokens.Is(at, s_afterList);

    /// <summary>Whether the condition of a join is over.</summary>
    public bool EndsCondition(int at) =>
        tokens.IsSymbol(at, ',')
        || tokens.Is(at, s_joins) && !tokens.IsSymbol(at + 1, '(')
        || EndsInputs(at) && !tokens.Is(at - 1, "distinct");

    /// <summary>What stands between commas.</summary>
    public IEnumerable<(int Start, int End)> Split(int start, int end)
    {
        var first = start;
        for (var i = start; i < end; i = tokens.Next(i))
        {
            if (!tokens.IsSymbol(i, ','))
                continue;
            yield return (first, i);
            first = i + 1;
        }
        if (first < end)
            yield return (first, end);
    }

    /// <summary>Names in parentheses: <c>p (today, due)</c>.</summary>
    /// <returns>Default where there are none.</returns>
    public ImmutableArray<string> ReadNames(ref int at)
    {
        if (!tokens.IsSymbol(at, '('))
            return default;
        var (first, end) = (at + 1, tokens.Closing(at));
        at = end + 1;
        return
        [
            .. Enumerable
                .Range(first, end - first)
                .Where(i => tokens.IsName(i) && (i == first || tokens.IsSymbol(i - 1, ',')))
                .Select(tokens.NameAt),
        ];
    }

    /// <summary>Whether an item has its name in front: <c>built: now()</c>.</summary>
    public bool IsNamedBefore(int at) =>
        tokens.IsName(at) && tokens.IsSymbol(at + 1, ':') && !tokens.IsSymbol(at + 2, ':');

    // now() is called now, or now()
    public string? MadeName(int start, int end) =>
        tokens.IsName(start) && tokens.IsSymbol(start + 1, '(') && tokens.Next(start + 1) == end
            ? tokens.NameAt(start)
            : null;
}
