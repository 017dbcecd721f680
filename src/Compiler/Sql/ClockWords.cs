using System.Collections.Frozen;

namespace Strata.Compiler.Sql;

/// <summary>Whether SQL asks for the time, or for chance: then a condition that held may fail later, though nothing has moved.</summary>
public static class ClockWords
{
    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp"
    );

    /// <summary>Words that need a parenthesis behind them: without it they are columns.</summary>
    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "now",
        "today",
        "age",
        "random",
        "rand",
        "random_normal",
        "uuid",
        "uuidv4",
        "uuidv7",
        "gen_random_uuid",
        "nextval",
        "clock_timestamp",
        "timeofday",
        "statement_timestamp",
        "transaction_timestamp",
        "current_localtime",
        "current_localtimestamp",
        "get_current_time",
        "get_current_timestamp"
    );

    /// <summary>What a literal may begin with that both engines read as a date.</summary>
    private static readonly FrozenSet<string> Dates = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "now",
        "today",
        "yesterday",
        "tomorrow"
    );

    public static bool AreIn(string sql)
    {
        var lexer = new SqlLexer(sql);
        var (function, afterDot) = (false, false);
        while (lexer.TryReadCode(out var token))
        {
            var text = sql.Substring(token.Start, token.Length);
            if (function && text == "(")
                return true;
            function = false;
            if (token.Kind == SqlTokenKind.String && Dates.Contains(text.Trim('\'', ' ').Split(' ')[0]))
                return true;
            if (token.Kind == SqlTokenKind.Word)
            {
                if (Keywords.Contains(text) && !afterDot)
                    return true;
                function = Functions.Contains(text);
            }
            afterDot = text == ".";
        }
        return false;
    }
}
