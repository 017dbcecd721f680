using Strata.Compiler.Sql;

namespace Strata.Compiler.Rendering;

/// <summary>
/// Where a query asks for the time, in the ways that <see cref="ClockOverride"/> knows and in others: words that a type reads as a time
/// (<c>cast('today' as date)</c>), and <c>age(due)</c>, which counts up to today.
/// </summary>
internal static class ClockPlaces
{
    private static readonly string[] s_times = ["date", "timestamp", "timestamptz", "time", "timetz"];

    public static IEnumerable<int> Find(SqlTokenTree tokens)
    {
        foreach (var place in ClockOverride.Places(tokens.Text))
            yield return place;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens.KindAt(i) == SqlTokenKind.String ? IsTime(tokens, i) : IsAgeOfToday(tokens, i))
                yield return tokens[i].Start;
        }
    }

    private static bool IsTime(SqlTokenTree tokens, int at)
    {
        if (
            tokens.TextAt(at).ToLowerInvariant()
            is not ("'now'" or "'today'" or "'tomorrow'" or "'yesterday'")
        )
            return false;
        if (tokens.IsSymbol(at + 1, ':') && tokens.IsSymbol(at + 2, ':'))
            return tokens.Is(at + 3, s_times);
        return tokens.Is(at - 1, s_times)
            || tokens.Is(at - 2, "cast")
                && tokens.IsSymbol(at - 1, '(')
                && tokens.Is(at + 1, "as")
                && tokens.Is(at + 2, s_times);
    }

    private static bool IsAgeOfToday(SqlTokenTree tokens, int at)
    {
        if (!tokens.Is(at, "age") || !tokens.IsSymbol(at + 1, '(') || tokens.IsSymbol(at - 1, '.'))
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
}
