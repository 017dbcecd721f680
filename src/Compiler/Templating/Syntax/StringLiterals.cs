using System.Globalization;
using System.Text;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>The escape sequences of string literals: one place that knows their lengths and their meaning.</summary>
internal static class StringLiterals
{
    /// <summary>The length of the escape sequence at a backslash; 0 if there is no such sequence.</summary>
    public static int EscapeLength(string text, int start, bool isInterpolated)
    {
        if (start + 1 >= text.Length)
            return 0;
        switch (text[start + 1])
        {
            case '\n':
                return 2;
            case '\r':
                return start + 2 < text.Length && text[start + 2] == '\n' ? 3 : 2;
            case '0' or '\'' or '"' or '\\' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                return 2;
            case '{' when isInterpolated:
                return 2;
            case 'u':
                return AreHexDigits(text, start + 2, 4) ? 6 : 0;
            case 'x':
                return AreHexDigits(text, start + 2, 2) ? 4 : 0;
            default:
                return 0;
        }
    }

    /// <summary>The value of the text between the quotes; sequences that are no escapes stay as they are.</summary>
    public static string Decode(string text, int start, int end, bool isInterpolated)
    {
        var first = text.IndexOf('\\', start, end - start);
        if (first < 0)
            return text[start..end];
        var value = new StringBuilder(end - start);
        value.Append(text, start, first - start);
        for (var i = first; i < end; )
        {
            var length = text[i] == '\\' ? EscapeLength(text, i, isInterpolated) : 0;
            if (length == 0 || i + length > end)
            {
                value.Append(text[i++]);
                continue;
            }
            AppendEscape(value, text, i);
            i += length;
        }
        return value.ToString();
    }

    /// <summary>A string between backticks: nothing is escaped but the backtick, by doubling it.</summary>
    public static string DecodeVerbatim(string text, int start, int end) =>
        text[start..end].Replace("``", "`", StringComparison.Ordinal);

    private static void AppendEscape(StringBuilder value, string text, int start)
    {
        var c = text[start + 1];
        switch (c)
        {
            case '\n' or '\r':
                break;
            case 'u':
                value.Append((char)ParseHex(text, start + 2, 4));
                break;
            case 'x':
                value.Append((char)ParseHex(text, start + 2, 2));
                break;
            default:
                value.Append(
                    c switch
                    {
                        '0' => '\0',
                        'b' => '\b',
                        'f' => '\f',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'v' => '\v',
                        _ => c,
                    }
                );
                break;
        }
    }

    private static int ParseHex(string text, int start, int length) =>
        int.Parse(text.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool AreHexDigits(string text, int start, int count)
    {
        if (start + count > text.Length)
            return false;
        for (var i = start; i < start + count; i++)
        {
            if (!char.IsAsciiHexDigit(text[i]))
                return false;
        }
        return true;
    }
}
