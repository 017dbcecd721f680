namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Replaces and removes parts of text; the length of the result is checked before it is made.</summary>
internal static class StringReplacement
{
    public static string? All(
        TemplateCallContext call,
        string? match,
        string replacement,
        bool isReplace = false
    )
    {
        if (call.TextOrNull(0) is not { } text)
            return null;
        if (string.IsNullOrEmpty(match))
        {
            // the reference refuses an empty text to replace, and removes an empty text without a word
            return isReplace && match is not null
                ? throw call.Invalid(1, "the text to replace is empty")
                : text;
        }
        var count = 0L;
        for (
            var at = text.IndexOf(match, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(match, at + match.Length, StringComparison.Ordinal)
        )
            count++;
        call.Context.CheckLength(text.Length + (count * (replacement.Length - match.Length)), call.CallSpan);
        return text.Replace(match, replacement, StringComparison.Ordinal);
    }

    public static string? One(TemplateCallContext call, string? match, string replacement, bool isFromEnd)
    {
        if (call.TextOrNull(0) is not { } text || string.IsNullOrEmpty(match))
            return call.TextOrNull(0);
        var at = isFromEnd
            ? text.LastIndexOf(match, StringComparison.Ordinal)
            : text.IndexOf(match, StringComparison.Ordinal);
        return at < 0
            ? text
            : call.Checked(string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + match.Length)));
    }
}
