using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Binding;

/// <summary>
/// Whether a type keeps what a text says. Engines drop in silence what has no room: the time of a day in a date, digits
/// behind the point, the end of a text. What no engine takes for a value is left to the engine. Pure.
/// </summary>
internal static partial class LosslessCast
{
    private enum Family
    {
        Number,
        Text,
        Padded,
        Bits,
        Date,
        Time,
        TimeTz,
        Timestamp,
        TimestampTz,
    }

    /// <summary>What a type has room for.</summary>
    /// <param name="Room">Characters, bits, or digits behind the point; those of seconds, where there are seconds.</param>
    private readonly record struct Limit(Family Family, int Room);

    /// <summary>Whether values of a type must be looked at.</summary>
    public static bool MayLose(string type, EngineType engine) =>
        LimitOf(type, engine) is not null || IsFloat(type);

    /// <summary>Whether a type holds whole numbers only.</summary>
    public static bool IsWhole(string type, EngineType engine) =>
        LimitOf(type, engine) is { Family: Family.Number, Room: 0 };

    /// <summary>
    /// Numbers as programs write them (<c>1_000</c>, <c>0x1F</c>) and words for times (<c>epoch</c>, <c>now</c>) are not kept either: engines
    /// take them for values, and no file means them.
    /// </summary>
    public static bool Keeps(string text, string type, EngineType engine)
    {
        if (FindOtherSpelling(text, type, engine) is not null)
            return false;
        if (LimitOf(type, engine) is not var (family, room))
            return true;
        return family switch
        {
            Family.Number => ExactNumber.Parse(text) is not { } number
                || number.Digits.IsZero
                || number.Scale <= room,
            Family.Text => Characters(text) <= room,
            Family.Padded => Characters(text.TrimEnd(' ')) <= room,
            Family.Bits => text.Trim().Length <= room,
            Family.Date when engine == EngineType.DuckDb && DayFirst().Match(text) is { Success: true } day =>
                KeepsAllBehind(day, text.Trim(), room),
            _ => KeepsTime(text.Trim(), family, room),
        };
    }

    /// <summary>DuckDB reads the day and passes over whatever stands behind it.</summary>
    private static bool KeepsAllBehind(Match day, string text, int room) =>
        day.Groups["rest"].Value.Trim() is { Length: > 0 } rest && rest != "(BC)" && !Utc().IsMatch(rest)
            ? Clock().IsMatch(text) && KeepsTime(text, Family.Date, room)
            : true;

    private static bool KeepsTime(string text, Family family, int room)
    {
        var match = Clock().Match(text);
        if (!match.Success)
            return true;
        var time = match.Groups["time"].Value;
        var (before, zone) = (text[..match.Index].Trim(), match.Groups["zone"].Value.Trim());
        var fraction = match.Groups["fraction"].Value.TrimEnd('0').Length;
        // who writes the time first writes the day behind it
        var hasDay = before is not ("" or "T" or "t") || (zone.Length > 0 && char.IsAsciiDigit(zone[0]));
        var hasZone =
            zone.StartsWith('+') || zone.StartsWith('-')
                ? zone.AsSpan().ContainsAnyInRange('1', '9')
                : zone.Length > 0 && !char.IsAsciiDigit(zone[0]) && !NoZone().IsMatch(zone);
        return family switch
        {
            Family.Date => !time.AsSpan().ContainsAnyInRange('1', '9') && !hasZone,
            Family.Time => !hasDay && !hasZone && fraction <= room,
            Family.TimeTz => !hasDay && fraction <= room,
            Family.Timestamp => !hasZone && fraction <= room,
            _ => fraction <= room,
        };
    }

    /// <summary>What is to be written instead of a number or a time in a spelling that no file means, be it in a list; null for any other text.</summary>
    public static string? FindOtherSpelling(string text, string type, EngineType engine) =>
        ListType().Match(type) is { Success: true } list
            ? text.Split(['[', ']', '{', '}', ','])
                .Select(element =>
                    FindOtherSpelling(
                        element.Trim().Trim('\'', '"'),
                        list.Groups["element"].Value.Trim(),
                        engine
                    )
                )
                .FirstOrDefault(found => found is not null)
        : IsFloat(type) ? OfNumber(text)
        : LimitOf(type, engine) is not { Family: var family } ? null
        : family == Family.Number ? OfNumber(text)
        : family is Family.Date or Family.Time or Family.TimeTz or Family.Timestamp or Family.TimestampTz
        && TimeWord().IsMatch(text)
            ? "a date or time is written in digits"
        : null;

    private static string? OfNumber(string text) =>
        ProgramNumber().IsMatch(text)
            ? "a number is written in decimal digits, with nothing between them"
            : null;

    private static bool IsFloat(string type) =>
        type.Trim().ToLowerInvariant()
            is "double"
                or "double precision"
                or "float"
                or "real"
                or "float4"
                or "float8";

    private static Limit? LimitOf(string type, EngineType engine)
    {
        if (Type().Match(type.Trim()) is not { Success: true } match)
            return null;
        var isDuck = engine == EngineType.DuckDb;
        var room = Argument("first");
        // Postgres rounds a second to microseconds, DuckDB cuts what is below them
        return $"{match.Groups["name"].Value} {match.Groups["zone"].Value}".Trim().ToLowerInvariant() switch
        {
            "tinyint" or "smallint" or "integer" or "int" or "bigint" or "hugeint" => new(Family.Number, 0),
            "int1" or "int2" or "int4" or "int8" or "int16" or "int32" or "int64" or "int128" => new(
                Family.Number,
                0
            ),
            "short" or "signed" or "long" => new(Family.Number, 0),
            "utinyint" or "usmallint" or "uinteger" or "ubigint" or "uhugeint" => new(Family.Number, 0),
            "decimal" or "numeric" or "dec" => room is not null ? new(Family.Number, Argument("second") ?? 0)
            : isDuck ? new(Family.Number, 3)
            : null,
            "varchar" or "character varying" when !isDuck && room is { } most => new(Family.Text, most),
            "character" or "char" when !isDuck => new(Family.Padded, room ?? 1),
            "bpchar" when !isDuck && room is { } most => new(Family.Padded, most),
            "bit" when !isDuck => new(Family.Bits, room ?? 1),
            "bit varying" or "varbit" when !isDuck && room is { } most => new(Family.Bits, most),
            "date" => new(Family.Date, 0),
            "time" or "time without time zone" => new(Family.Time, room ?? 6),
            "time_ns" => new(Family.Time, 9),
            "timetz" or "time with time zone" => new(Family.TimeTz, room ?? 6),
            "timestamp" or "timestamp without time zone" or "datetime" or "timestamp_us" => new(
                Family.Timestamp,
                room ?? 6
            ),
            "timestamp_s" => new(Family.Timestamp, 0),
            "timestamp_ms" => new(Family.Timestamp, 3),
            "timestamp_ns" => new(Family.Timestamp, 9),
            "timestamptz" or "timestamp with time zone" => new(Family.TimestampTz, room ?? 6),
            _ => null,
        };

        int? Argument(string group) =>
            int.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
    }

    private static int Characters(string text) => text.EnumerateRunes().Count();

    [GeneratedRegex(
        @"^(?<name>[a-z0-9_]+( varying)?)\s*(\(\s*(?<first>[0-9]+)\s*(,\s*(?<second>-?[0-9]+)\s*)?\))?\s*(?<zone>with(out)? time zone)?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Type();

    // 10:00, 10:00:00.5, and 20260101T100000; what stands behind is a zone, or nearly so
    [GeneratedRegex(
        @"(?<![0-9:])(?<time>[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,](?<fraction>[0-9]+))?)?|(?<=[0-9]T)[0-9]{4}([0-9]{2}(\.(?<fraction>[0-9]+))?)?(?![0-9]))(?<zone>.*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"^\s*[+-]?[0-9]+[-/\\ ][0-9]{1,2}[-/\\ ][0-9]{1,2}(?![0-9:])(?<rest>.*)\z",
        RegexOptions.Singleline
    )]
    private static partial Regex DayFirst();

    // integer[], decimal(10,2)[3][]
    [GeneratedRegex(@"^(?<element>[^\[]+)(\[[0-9]*\]\s*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ListType();

    // 1_000, 0x1F, 0o17, 0b11
    [GeneratedRegex(@"^\s*[+-]?([0-9.]*_|0[xob])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ProgramNumber();

    [GeneratedRegex(
        @"^\s*(epoch|now|today|tomorrow|yesterday|allballs)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex TimeWord();

    [GeneratedRegex(@"^(Z|UTC|GMT)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Utc();

    [GeneratedRegex(
        @"^(Z|Zulu|UTC|GMT|Etc/UTC|Etc/GMT|AM|PM|BC|AD|\s)+\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex NoZone();
}
