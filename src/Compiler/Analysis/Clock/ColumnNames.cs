using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>What a name in an expression may be, by the tokens around it.</summary>
internal sealed class ColumnNames(SqlTokenTree tokens)
{
    /// <summary>Behind the last part of a name.</summary>
    public int EndOf(int at)
    {
        while (tokens.IsSymbol(at + 1, '.') && tokens.IsName(at + 2))
            at += 2;
        return at + 1;
    }

    /// <summary>Whether a name that stands alone may be a column: no type, unit, other name or keyword of a literal.</summary>
    public bool MayBeColumn(int at) =>
        !tokens.Is(at - 1, "as", "with", "without", "collate", "over", "interval")
        && !(tokens.IsSymbol(at - 1, ':') && tokens.IsSymbol(at - 2, ':'))
        && tokens.KindAt(Math.Max(at - 1, 0)) != SqlTokenKind.Number
        && !(tokens.KindAt(at) == SqlTokenKind.Word && tokens.KindAt(at + 1) == SqlTokenKind.String)
        && !tokens.Is(at - 2, "interval")
        && !(tokens.Is(at + 1, "from") && tokens.Is(at - 2, "extract"))
        && !(tokens.IsSymbol(at + 1, '=') && tokens.IsSymbol(at + 2, '>'));

    /// <summary>Whether it is only asked whether there is a value: <c>max(a.loaded_at) is not null</c>, <c>count(a.loaded_at)</c>.</summary>
    public bool IsAskedForNull(int first, int end)
    {
        while (true)
        {
            while (tokens.IsSymbol(end, ':') && tokens.IsSymbol(end + 1, ':'))
                end += 3;
            if (tokens.Is(end, "is") && (tokens.Is(end + 1, "null") || tokens.Is(end + 2, "null")))
                return true;
            if (tokens.Is(end, "as") && tokens.IsSymbol(end + 2, ')') && tokens.Is(first - 2, "cast"))
                end += 2;
            if (!tokens.IsSymbol(first - 1, '(') || !tokens.IsSymbol(end, ')'))
                return false;
            if (tokens.Is(first - 2, "count"))
                return true;
            first = tokens.Is(first - 2, "max", "min", "cast", "any_value", "date") ? first - 2 : first - 1;
            end++;
        }
    }
}
