using Strata.Compiler.Sql;

namespace Strata.Tests.Engine.Dialects;

internal sealed class PostgresChecks(SqlDialect sql) : CheckDialect(sql)
{
    private const string JsonString = """ "([^"\\\x01-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*" """;

    private const string JsonScalar =
        @"(?<=^|[][,:{\s])(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null)(?=$|[][,:}\s])";

    // an array or an object whose members are scalars; \x01 is a string, \x02 any other value
    private const string JsonLeaf =
        @"\[([\x01\x02](,[\x01\x02])*)?\]|\{(\x01:[\x01\x02](,\x01:[\x01\x02])*)?\}";

    public override bool DefersSubqueries => true;

    // as text a number has all its digits, cast at once it has fifteen
    public override string Round(string number, int places) =>
        base.Round($"cast({AsText(number)} as numeric)", places);

    // a pattern without any special character is looked for as text, many times faster;
    // an embedded option must stand first in the pattern
    public override string Regex(string text, string pattern, string flags) =>
        flags.Length > 0 ? $"{text} ~ {Text($"(?{flags}){pattern}")}"
        : pattern.Length > 0
        && pattern.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '_' or '@' or '-')
            ? $"strpos({text}, {Text(pattern)}) > 0"
        : $"{text} ~ {Text(pattern)}";

    public override string RegexGroup(string text, string pattern, int group) =>
        $"(regexp_match({text}, {Text(pattern)}, 'i'))[{group}]";

    // Postgres before 16 has no test for JSON that does not raise: strings become \x01, other scalars
    // \x02, and arrays and objects of these are folded into \x02 from the inside out until nothing changes.
    public override string IsJson(string text)
    {
        var scalars =
            $"regexp_replace(regexp_replace({text}, {Text(JsonString.Trim())}, chr(1), 'g'), {Text(JsonScalar)}, chr(2), 'g')";
        return $"""
            (with recursive folded(rest, step) as (
              select regexp_replace({scalars}, {Text(@"\s+")}, '', 'g'), 0
              union all
              select regexp_replace(rest, {Text(
                JsonLeaf
            )}, chr(2), 'g'), step + 1 from folded where rest ~ {Text(JsonLeaf)}
            ) select rest in (chr(1), chr(2)) and {text} !~ {Text(
                @"[\x01\x02]"
            )} from folded order by step desc limit 1)
            """;
    }

    public override string AddInterval(string unit, string count, string timestamp) =>
        $"({timestamp} + ({count}) * {Interval(unit)})";

    public override string Series(string unit, string from, string to) =>
        $"select generate_series({from}, {to}, {Interval(unit)}) as instant";

    public override string Exponential(string number, int digits) =>
        $"trim(to_char({number}, '9{(digits > 1 ? "." + new string('9', digits - 1) : "")}EEEE'))";

    public override string EpochMicros(string instant) =>
        $"cast(floor(extract(epoch from {instant}) * 1000000) as {Sql.TypeName(SqlType.BigInt)})";

    public override string Hex(string bytes) => $"encode({bytes}, 'hex')";

    public override string HexToNumber(string hex) =>
        $"cast(cast('x' || {hex} as bit(32)) as {Sql.TypeName(SqlType.BigInt)})";

    private static string Interval(string unit) =>
        unit == "quarter" ? "interval '3 month'" : $"interval '1 {unit}'";
}
