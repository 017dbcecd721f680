using System.Collections.Frozen;
using System.Globalization;
using Strata.Compiler.Analysis.Clock;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>
/// Whether an expression is made of nothing but the clock, chance and columns that are: <c>now()</c>, <c>extract(epoch from loaded_at)</c>. Where it reads
/// anything else, it says something of the row.
/// </summary>
/// <param name="origin">
/// What a column is made of that is of the run, by what stands before its dot and its name; null for one that is not.
/// </param>
/// <param name="today">What literals begin with that are the run's own instant; null where the template does not ask for it.</param>
/// <param name="takesChance">Whether a random value counts: one that is kept tells rows apart from then on.</param>
internal sealed class RunDependentExpression(
    SqlTokenTree tokens,
    Func<string?, string, string?> origin,
    string? today,
    bool takesChance
)
{
    private static readonly FrozenSet<string> s_chance = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "clock_timestamp",
        "uuid",
        "uuidv4",
        "uuidv7",
        "gen_random_uuid",
        "random"
    );

    // of which the value is told by those of the arguments
    private static readonly FrozenSet<string> s_functions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "any_value",
        "ceil",
        "ceiling",
        "coalesce",
        "concat",
        "concat_ws",
        "date",
        "date_part",
        "date_trunc",
        "day",
        "epoch",
        "epoch_ms",
        "epoch_ns",
        "epoch_us",
        "floor",
        "greatest",
        "hour",
        "least",
        "left",
        "lower",
        "lpad",
        "make_date",
        "make_timestamp",
        "max",
        "md5",
        "min",
        "minute",
        "month",
        "quarter",
        "replace",
        "right",
        "round",
        "rpad",
        "second",
        "strftime",
        "substr",
        "substring",
        "timezone",
        "to_char",
        "to_timestamp",
        "trunc",
        "upper",
        "week",
        "year"
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

    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    private readonly List<string> _columns = [];
    private int _level;

    /// <returns>
    /// What it is made of: equal for two expressions of which every build makes the same value. Null where it is not of the run.
    /// </returns>
    public string? OriginOf(Range expression)
    {
        _columns.Clear();
        var (start, end) = (expression.Start.Value, expression.End.Value);
        if (Find(start, end) != true)
            return null;
        // a column that is passed on is what it was
        if (
            _columns is [var only]
            && Enumerable.Range(start, end - start).All(i => tokens.IsName(i) || tokens.IsSymbol(i, '.'))
        )
            return only;
        var words = Enumerable
            .Range(start, end - start)
            .Select(i =>
                tokens.KindAt(i) == SqlTokenKind.Word ? tokens.TextAt(i).ToLowerInvariant() : tokens.TextAt(i)
            );
        return string.Join(' ', [.. words, .. _columns]);
    }

    /// <returns>Null for what says something of the row; else whether the run is asked for anything.</returns>
    private bool? Find(int start, int end)
    {
        if (_level == MostLevels)
            return null;
        _level++;
        bool? asks = false;
        for (var at = start; at < end && asks is not null; )
        {
            asks = ReadOperand(ref at, end) is { } one ? asks | one : null;
        }
        _level--;
        return asks;
    }

    private bool? ReadOperand(ref int at, int end)
    {
        switch (tokens[at].Kind)
        {
            case SqlTokenKind.String:
                var literal = tokens.TextAt(at++);
                return today is not null && literal.StartsWith($"'{today}", StringComparison.Ordinal);
            case SqlTokenKind.Number:
                at++;
                return false;
            case SqlTokenKind.Symbol:
                return ReadSymbol(ref at);
            case SqlTokenKind.Word when tokens.IsSymbol(at + 1, '('):
                return ReadCall(ref at);
            case SqlTokenKind.Word when tokens.Is(at, "interval"):
                // interval 1 day, interval '1' day, interval '1 day'
                at += 2;
                if (at < end && tokens.KindAt(at) == SqlTokenKind.Word && !tokens.Is(at, "at"))
                    at++;
                return false;
            case SqlTokenKind.Word when tokens.Is(at, "at") && tokens.Is(at + 1, "time"):
                at += 3;
                return false;
            case SqlTokenKind.Word or SqlTokenKind.QuotedName:
                return ReadColumn(ref at);
            default:
                return null;
        }
    }

    private bool? ReadSymbol(ref int at)
    {
        if (tokens.IsSymbol(at, ':') && tokens.IsSymbol(at + 1, ':'))
        {
            for (at += 3; at < tokens.Count && IsOfType(at); at++) { }
            return false;
        }
        if (tokens.IsSymbol(at, '('))
            return ReadArguments(ref at, at + 1);
        var isKnown = tokens.TextAt(at) is "+" or "-" or "*" or "/" or "%" or "|" or ",";
        at++;
        return isKnown ? false : null;
    }

    private bool IsOfType(int at) =>
        tokens.KindAt(at) == SqlTokenKind.Word && s_typeWords.Contains(tokens.TextAt(at));

    private bool? ReadArguments(ref int at, int first)
    {
        var end = tokens.Closing(at);
        at = end + 1;
        return Find(first, end);
    }

    private bool? ReadCall(ref int at)
    {
        var name = tokens.TextAt(at);
        // the time of each row, and not of the statement, is chance
        if (!s_chance.Contains(name) && IsAboutClock(at))
        {
            at = tokens.Next(at + 1);
            return true;
        }
        at++;
        if (s_chance.Contains(name))
            return takesChance && ReadArguments(ref at, at + 1) is not null ? true : null;
        if (tokens.Is(at - 1, "cast", "try_cast"))
            return ReadCast(ref at);
        // extract(epoch from loaded_at)
        if (tokens.Is(at - 1, "extract") && tokens.Is(at + 2, "from"))
            return ReadArguments(ref at, at + 3);
        return s_functions.Contains(name) ? ReadArguments(ref at, at + 1) : null;
    }

    private bool IsAboutClock(int at)
    {
        var end = tokens[tokens.Closing(at + 1)].End;
        return ClockOverride.IsWhole(tokens.Text[tokens[at].Start..end]);
    }

    private bool? ReadCast(ref int at)
    {
        var end = tokens.Closing(at);
        var type = at + 1;
        while (type < end && !tokens.Is(type, "as"))
            type = tokens.Next(type);
        var first = at + 1;
        at = end + 1;
        return Find(first, type);
    }

    private bool? ReadColumn(ref int at)
    {
        if (tokens.KindAt(at) == SqlTokenKind.Word && ClockOverride.IsWhole(tokens.TextAt(at)))
        {
            at++;
            return true;
        }
        string? of = null;
        for (; tokens.IsSymbol(at + 1, '.') && tokens.IsName(at + 2); at += 2)
            of = tokens.NameAt(at);
        if (origin(of, tokens.NameAt(at++)) is not { } made)
            return null;
        _columns.Add(made);
        return true;
    }

    /// <summary>The day of an instant as a literal begins, whatever its format.</summary>
    public static string DayOf(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
