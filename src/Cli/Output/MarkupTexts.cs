using System.Globalization;
using System.Text;

namespace Strata.Cli.Output;

/// <summary>The texts of XML or HTML, so that what is done to them leaves the document as it is built.</summary>
internal static class MarkupTexts
{
    /// <summary>
    /// Changes what stands between tags and, of attributes, values that are no numbers; names, styles and scripts stay as they are.
    /// </summary>
    /// <param name="markup">Well-formed, as this program writes it: attributes in double quotes.</param>
    public static string Map(string markup, Func<string, string> change)
    {
        var text = new StringBuilder(markup.Length);
        var at = 0;
        while (at < markup.Length)
        {
            var open = markup.IndexOf('<', at);
            var end = open < 0 ? markup.Length : open;
            text.Append(change(markup[at..end]));
            if (open < 0)
                break;
            at = EndOfTag(markup, open);
            AppendTag(text, markup[open..at], change);
            foreach (var name in new[] { "style", "script" })
            {
                if (!markup.AsSpan(open).StartsWith($"<{name}", StringComparison.Ordinal))
                    continue;
                var close = markup.IndexOf($"</{name}", at, StringComparison.Ordinal);
                close = close < 0 ? markup.Length : close;
                text.Append(markup, at, close - at);
                at = close;
            }
        }
        return text.ToString();
    }

    // a value may hold '>'
    private static int EndOfTag(string markup, int open)
    {
        var quoted = false;
        for (var i = open; i < markup.Length; i++)
        {
            if (markup[i] == '"')
                quoted = !quoted;
            else if (markup[i] == '>' && !quoted)
                return i + 1;
        }
        return markup.Length;
    }

    private static void AppendTag(StringBuilder text, string tag, Func<string, string> change)
    {
        var parts = tag.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            var isValue =
                i % 2 == 1
                && !double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            text.Append(i > 0 ? "\"" : "").Append(isValue ? change(parts[i]) : parts[i]);
        }
    }
}
