using System.Globalization;
using System.Text;

namespace Strata.Cli.Output;

/// <summary>How many columns of a terminal a text takes.</summary>
public static class DisplayWidth
{
    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Of(rune);
        return width;
    }

    /// <summary>The text cut to a width, with an ellipsis where something was cut off.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var result = new StringBuilder();
        var used = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Of(rune);
            if (used > width)
                break;
            result.Append(rune);
        }
        return result.Append('…').ToString();
    }

    public static string PadRight(string text, int width) =>
        text + new string(' ', Math.Max(0, width - Of(text)));

    public static string PadLeft(string text, int width) =>
        new string(' ', Math.Max(0, width - Of(text))) + text;

    private static int Of(Rune rune)
    {
        if (rune.Value < 0x300)
            return 1;
        var category = Rune.GetUnicodeCategory(rune);
        if (
            category
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
        )
            return 0;
        return IsWide(rune.Value) ? 2 : 1;
    }

    // the East Asian Wide and Fullwidth blocks of Unicode's UAX #11, and emoji
    private static bool IsWide(int value) =>
        value
            is >= 0x1100
                and <= 0x115F
                or >= 0x2E80
                and <= 0x303E
                or >= 0x3041
                and <= 0x33FF
                or >= 0x3400
                and <= 0x4DBF
                or >= 0x4E00
                and <= 0x9FFF
                or >= 0xA000
                and <= 0xA4CF
                or >= 0xAC00
                and <= 0xD7A3
                or >= 0xF900
                and <= 0xFAFF
                or >= 0xFE30
                and <= 0xFE6F
                or >= 0xFF00
                and <= 0xFF60
                or >= 0xFFE0
                and <= 0xFFE6
                or >= 0x1F300
                and <= 0x1F64F
                or >= 0x1F900
                and <= 0x1F9FF
                or >= 0x20000
                and <= 0x3FFFD;
}
