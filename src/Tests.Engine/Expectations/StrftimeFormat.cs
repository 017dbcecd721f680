using System.Text;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;

namespace Strata.Tests.Engine.Expectations;

/// <summary>
/// Whether text is a date or time in a strftime format, as one expression that every engine has: a regular
/// expression for the fields, and a look at the calendar where year, month and day are all there.
/// </summary>
internal static class StrftimeFormat
{
    private const string Months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

    private static readonly Dictionary<char, string> Fields = new()
    {
        ['Y'] = "[0-9]{4}",
        ['y'] = "[0-9]{2}",
        ['m'] = "1[0-2]|0[1-9]|[1-9]",
        ['d'] = "3[01]|[12][0-9]|0[1-9]| ?[1-9]",
        ['j'] = "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
        ['H'] = "2[0-3]|[01][0-9]|[0-9]",
        ['I'] = "1[0-2]|0[1-9]|[1-9]",
        ['M'] = "[0-5][0-9]|[0-9]",
        ['S'] = "6[01]|[0-5][0-9]|[0-9]",
        ['f'] = "[0-9]{1,6}",
        ['p'] = "am|pm",
        ['z'] = "[+-][0-9]{2}:?[0-5][0-9]|z",
        ['Z'] = "utc|gmt|[a-z]{3,4}",
        ['b'] = Months,
        ['B'] = "january|february|march|april|may|june|july|august|september|october|november|december",
        ['a'] = "mon|tue|wed|thu|fri|sat|sun",
        ['A'] = "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    };

    public static ArgumentProblem? Check(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
                continue;
            var code = ++i < format.Length ? format[i] : '\0';
            if (code != '%' && !Fields.ContainsKey(code))
                return new ArgumentProblem(
                    "strftime_format",
                    $"'{format}' holds an unknown field '%{(code == '\0' ? "" : code)}'",
                    $"known fields: {string.Join(" ", Fields.Keys.Select(k => $"%{k}"))} %%"
                );
        }
        return null;
    }

    /// <summary>True where the text is in the format and names a day that exists, false where not, null for null.</summary>
    public static string Matches(CheckDialect dialect, string text, string format)
    {
        var pattern = new StringBuilder("^");
        var groups = new Dictionary<char, int>();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || format[i + 1] == '%')
            {
                i += format[i] == '%' ? 1 : 0;
                pattern.Append(
                    char.IsLetterOrDigit(format[i]) || format[i] == ' ' ? format[i] : $"\\{format[i]}"
                );
                continue;
            }
            var code = format[++i];
            groups.TryAdd(code, groups.Count + 1);
            pattern.Append(groups[code] == groups.Count ? $"({Fields[code]})" : $"(?:{Fields[code]})");
        }
        pattern.Append('$');

        var matches = dialect.Regex(text, pattern.ToString(), "i");
        return groups.ContainsKey('d') && Month() is { } month
            ? $"case when {matches} then {Number('d')} <= {DaysIn(month)} when {text} is not null then false end"
            : matches;

        string Group(char code) => dialect.RegexGroup(text, pattern.ToString(), groups[code]);

        string Number(char code) => $"cast(nullif(trim({Group(code)}), '') as integer)";

        string? Month() =>
            groups.ContainsKey('m') ? Number('m')
            : groups.ContainsKey('b') || groups.ContainsKey('B')
                ? $"((strpos('{Months}', lower(substr({Group(groups.ContainsKey('b') ? 'b' : 'B')}, 1, 3))) + 3) / 4)"
            : null;

        // without a year the day is looked up in a common one, as strptime does
        string DaysIn(string month)
        {
            var year =
                groups.ContainsKey('Y') ? Number('Y')
                : groups.ContainsKey('y') ? $"(2000 + {Number('y')})"
                : "1900";
            return $"case when {month} in (4, 6, 9, 11) then 30 when {month} <> 2 then 31"
                + $" when {year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0) then 29 else 28 end";
        }
    }
}
