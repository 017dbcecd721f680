using System.Collections.Frozen;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>
/// Whether no column of data takes part in an expression that asks for the time, and no condition: <c>round(extract(epoch from now()))</c>,
/// <c>{'at': now()}</c>. By tokens, without a look at what the functions in it do.
/// </summary>
/// <param name="isQuestion">Whether a token, by where it stands in the text, asks for the time.</param>
/// <param name="matters">Whether one does that can make a difference: none does that only orders rows by the clock.</param>
internal sealed class ClockExpression(
    SqlTokenTree tokens,
    Func<int, bool> isQuestion,
    Func<int, bool> matters
)
{
    private static readonly FrozenSet<string> s_keywords = FrozenSet.ToFrozenSet(
        [
            "all",
            "and",
            "asc",
            "between",
            "by",
            "case",
            "collate",
            "current",
            "desc",
            "distinct",
            "else",
            "end",
            "escape",
            "false",
            "first",
            "following",
            "from",
            "ilike",
            "in",
            "is",
            "isnull",
            "last",
            "like",
            "not",
            "notnull",
            "null",
            "nulls",
            "or",
            "order",
            "over",
            "partition",
            "preceding",
            "range",
            "row",
            "rows",
            "select",
            "similar",
            "then",
            "true",
            "unbounded",
            "values",
            "when",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    // one token of whatever kind stands behind them that is no column
    private static readonly FrozenSet<string> s_naming = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "as",
        "collate"
    );

    private static readonly FrozenSet<string> s_typeWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "with",
        "without",
        "time",
        "zone",
        "precision",
        "varying"
    );

    // what stands before the last word of an expression when that word is no name for it
    private static readonly string[] s_goesOn =
    [
        "and",
        "between",
        "by",
        "ilike",
        "in",
        "is",
        "like",
        "not",
        "or",
        "zone",
    ];

    /// <param name="end">Behind it, and behind the name that it may be given.</param>
    public bool IsOfRun(int start, int end)
    {
        if (tokens.Is(start, "distinct", "all"))
            start++;
        return IsFree(start, end) || HasAlias(start, end) && IsFree(start, end - 1);
    }

    private bool HasAlias(int start, int end) =>
        end - start > 1
        && tokens.IsName(end - 1)
        && !tokens.Is(end - 2, s_goesOn)
        && (tokens.KindAt(end - 2) != SqlTokenKind.Symbol || tokens.TextAt(end - 2) is ")" or "]" or "}");

    private bool IsFree(int start, int end)
    {
        for (var at = start; at < end; )
        {
            if (!Skip(ref at, start))
                return false;
        }
        return true;
    }

    /// <summary>Goes behind what is no column.</summary>
    private bool Skip(ref int at, int start)
    {
        switch (tokens[at].Kind)
        {
            case SqlTokenKind.Symbol when tokens.IsSymbol(at, ':') && tokens.IsSymbol(at + 1, ':'):
                at += 3;
                SkipRestOfType(ref at);
                return true;
            // (select today from params)
            case SqlTokenKind.Symbol when isQuestion(tokens[at].Start):
                at = tokens.Next(at);
                return true;
            case SqlTokenKind.Symbol:
                // count(*), t.*
                var isStar =
                    tokens.IsSymbol(at, '*')
                    && (at == start || tokens.IsSymbol(at - 1, '(') || tokens.IsSymbol(at - 1, '.'));
                at++;
                return !isStar;
            case SqlTokenKind.Word or SqlTokenKind.QuotedName:
                return SkipWord(ref at);
            default:
                at++;
                return true;
        }
    }

    private bool SkipWord(ref int at)
    {
        var isPlain = tokens.KindAt(at) == SqlTokenKind.Word;
        if (isQuestion(tokens[at].Start))
        {
            // of a column that is made of the clock, both of its names
            for (at++; tokens.IsSymbol(at, '.'); at += 2) { }
            return true;
        }
        // {at: now()}, built: now(), f(at := now()), f(at => now())
        if (
            tokens.IsSymbol(at + 1, ':') && !tokens.IsSymbol(at + 2, ':')
            || tokens.IsSymbol(at + 1, '=') && tokens.IsSymbol(at + 2, '>')
        )
        {
            at += 2;
            return true;
        }
        if (!isPlain)
            return false;
        if (tokens.Is(at, "interval"))
        {
            at = tokens.Next(at + 1);
            // interval 1 day
            if (tokens.KindAt(at) == SqlTokenKind.Word && !tokens.Is(at, "as", "at") && !IsKeyword(at))
                at++;
            return true;
        }
        if (tokens.Is(at, "at") && tokens.Is(at + 1, "time"))
        {
            at += 3;
            return true;
        }
        if (s_naming.Contains(tokens.TextAt(at)))
        {
            at += 2;
            SkipRestOfType(ref at);
            return true;
        }
        // extract(epoch from now())
        if (tokens.Is(at, "extract") && tokens.IsSymbol(at + 1, '(') && tokens.Is(at + 3, "from"))
        {
            at += 4;
            return true;
        }
        // first_value(now()) over (partition by id): which rows it looks at makes no difference
        if (tokens.Is(at, "over") && (tokens.IsSymbol(at + 1, '(') || tokens.IsName(at + 1)))
        {
            var window = at + 1;
            at = tokens.Next(window);
            return !AnyQuestion(window, at);
        }
        // a condition is none, even of the clock alone
        if (tokens.Is(at, "filter", "where", "having", "qualify", "on"))
            return false;
        if (tokens.Is(at, "when") && AnyQuestion(at, EndOfCondition(at)))
            return false;
        // case current_date when ...
        if (tokens.Is(at, "case") && !tokens.Is(at + 1, "when"))
            return false;
        // they make more rows from day to day
        if (
            tokens.Is(at, "generate_series", "range")
            && tokens.IsSymbol(at + 1, '(')
            && AnyQuestion(at + 1, tokens.Next(at + 1))
        )
            return false;
        var isNone =
            IsKeyword(at)
            || tokens.IsSymbol(at + 1, '(')
            || tokens.Is(at, "array") && tokens.IsSymbol(at + 1, '[')
            // date '2026-01-01'
            || tokens.KindAt(at + 1) == SqlTokenKind.String;
        at++;
        return isNone;
    }

    private int EndOfCondition(int at)
    {
        while (at < tokens.Count && !tokens.Is(at, "then"))
            at = tokens.Next(at);
        return at;
    }

    private bool AnyQuestion(int start, int end)
    {
        for (var i = start; i < end && i < tokens.Count; i++)
        {
            if (matters(tokens[i].Start))
                return true;
        }
        return false;
    }

    private bool IsKeyword(int at) => s_keywords.Contains(tokens.TextAt(at));

    // timestamp(3) with time zone, int[]
    private void SkipRestOfType(ref int at)
    {
        if (tokens.IsSymbol(at, '(') || tokens.IsSymbol(at, '['))
            at = tokens.Next(at);
        while (tokens.KindAt(at) == SqlTokenKind.Word && s_typeWords.Contains(tokens.TextAt(at)))
            at++;
    }
}
