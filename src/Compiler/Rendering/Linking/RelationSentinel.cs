using System.Globalization;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>
/// Stands for a relation in rendered text until its name is known: two characters of Unicode's private use
/// area around the slot's number. It survives whatever a template does with text.
/// </summary>
internal static class RelationSentinel
{
    public const char Open = '\uE000';

    public const char Close = '\uE001';

    public static readonly TextPlaceholders Placeholders = new(
        text => text.Length > 0 && TryRead(text, 0, out _, out var length) && length == text.Length,
        text => IndexOfAny(text) >= 0,
        "how a relation is written is not known yet; look into its '.schema' and '.name'"
    );

    public static string Format(int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{Open}{slot}{Close}");

    /// <summary>The first of the two characters in a text, or -1.</summary>
    public static int IndexOfAny(string text, int start = 0)
    {
        var index = text.AsSpan(start).IndexOfAny(Open, Close);
        return index < 0 ? -1 : index + start;
    }

    /// <summary>Reads the sentinel at an offset.</summary>
    public static bool TryRead(string text, int offset, out int slot, out int length)
    {
        slot = 0;
        length = 0;
        if (text[offset] != Open)
            return false;
        var end = text.IndexOf(Close, offset);
        if (
            end < 0
            || !int.TryParse(
                text.AsSpan(offset + 1, end - offset - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out slot
            )
        )
            return false;
        length = end + 1 - offset;
        return true;
    }
}
