using System.Globalization;
using System.Net;
using System.Text;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>html</c>: for documents about data. Null is passed through.</summary>
internal static class HtmlFunctions
{
    private const string UrlSyntax = "-_.~!*'();:@&=+$,/?#[]%";

    private static readonly TemplateParameter s_text = new("text");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "html",
            [
                new(
                    "html.strip",
                    "The text without its HTML tags.",
                    [s_text],
                    call => call.OnText(Strip),
                    "{{ \"<b>total</b>\" | html.strip }}",
                    "total"
                ),
                new(
                    "html.escape",
                    "The text with the characters escaped that mean something in HTML.",
                    [s_text],
                    call => call.OnText(WebUtility.HtmlEncode),
                    "{{ \"a < b\" | html.escape }}",
                    "a &lt; b"
                ),
                new(
                    "html.newline_to_br",
                    "The text with `<br />` before each of its line ends.",
                    [s_text],
                    call => call.OnText(NewLineToBreak),
                    "{{ \"a\\nb\" | html.newline_to_br }}",
                    "a<br />\nb"
                ),
                new(
                    "html.url_encode",
                    "The text as a part of a URL, with everything escaped that means something in one.",
                    [s_text],
                    call => call.OnText(Uri.EscapeDataString),
                    "{{ \"a b&c\" | html.url_encode }}",
                    "a%20b%26c"
                ),
                new(
                    "html.url_escape",
                    "A whole URL with those characters escaped that may not stand in one.",
                    [s_text],
                    call => call.OnText(EscapeUrl),
                    "{{ \"https://example.com/a b?c=<d>\" | html.url_escape }}",
                    "https://example.com/a%20b?c=%3Cd%3E"
                ),
            ]
        );

    /// <summary>A tag ends at the first &gt; outside of the quotes of its attributes.</summary>
    private static string Strip(string text)
    {
        var stripped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '<' && EndOfTag(text, at) is >= 0 and var end)
                at = end;
            else
                stripped.Append(text[at]);
        }
        return stripped.ToString();
    }

    private static int EndOfTag(string text, int start)
    {
        if (text.AsSpan(start).StartsWith("<!--", StringComparison.Ordinal))
            return text.IndexOf("-->", start, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : -1;
        var first = start + 1 < text.Length ? text[start + 1] : '\0';
        if (!char.IsAsciiLetter(first) && first is not ('/' or '!' or '?'))
            return -1;
        var quote = '\0';
        for (var at = start + 1; at < text.Length; at++)
        {
            var character = text[at];
            if (quote != '\0')
                quote = character == quote ? '\0' : quote;
            else if (character is '"' or '\'')
                quote = character;
            else if (character == '>')
                return at;
        }
        return -1;
    }

    private static string NewLineToBreak(string text) =>
        text.ReplaceLineEndings("\n").Replace("\n", "<br />\n", StringComparison.Ordinal);

    private static string EscapeUrl(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (
                rune.IsAscii
                && (char.IsAsciiLetterOrDigit((char)rune.Value) || UrlSyntax.Contains((char)rune.Value))
            )
                escaped.Append((char)rune.Value);
            else
                AppendBytes(escaped, rune);
        }
        return escaped.ToString();
    }

    private static void AppendBytes(StringBuilder escaped, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            escaped.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
    }
}
