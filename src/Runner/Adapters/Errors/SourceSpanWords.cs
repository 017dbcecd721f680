using Strata.Compiler.Text;

namespace Strata.Runner.Adapters.Errors;

/// <summary>What an engine means when it gives a position and no length.</summary>
public static class SourceSpanWords
{
    /// <summary>The name or number that the span begins with, or its first character; nothing beyond its end.</summary>
    public static SourceSpan FirstWord(this SourceSpan span)
    {
        var text = span.File.Text.AsSpan(span.Span.Start, span.Span.Length);
        if (text.IsEmpty)
            return span;
        var length = 1;
        if (text[0] is '"' or '\'')
            length = text[1..].IndexOf(text[0]) is >= 0 and var end ? end + 2 : text.Length;
        else
            while (length < text.Length && IsWord(text[length - 1]) && IsWord(text[length]))
                length++;
        return span.File.Span(span.Span.Start, length);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
}
