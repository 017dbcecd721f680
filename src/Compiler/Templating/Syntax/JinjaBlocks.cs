using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// Finds <c>{% if ... %}</c> and its kin in text, and <c>{# ... #}</c>. They are no code here, but whoever comes from dbt writes
/// them, and would meet them again as a puzzling error of the engine. Strings and comments of SQL may hold what they like.
/// </summary>
internal static class JinjaBlocks
{
    public static void Report(SourceText source, IReadOnlyList<Token> tokens, Action<Diagnostic> report)
    {
        if (!tokens.Any(token => IsText(token) && MayHoldOne(source.Text, token)))
            return;
        var text = RawText(source.Text, tokens);
        var isOpen = false;
        for (var lexer = new SqlLexer(text); lexer.TryRead(out var token); )
        {
            var at = token.Start;
            if (token.Kind != SqlTokenKind.Symbol || text[at] != '{' || at + 1 == text.Length)
                continue;
            // within it an apostrophe begins no string
            if (text[at + 1] == '%' && Keyword(text, at + 2) is { Length: > 0 } keyword)
            {
                var end = keyword.Start + keyword.Length;
                var word = text.Substring(keyword.Start, keyword.Length);
                // who has read about the beginning knows of the end
                if (!isOpen || !IsContinuation(word))
                    report(TemplateDiagnostics.Jinja(source.Span(at, end - at), word));
                isOpen = true;
                lexer = new SqlLexer(text, After(text, "%}", end) ?? end);
            }
            // what is never closed is no comment
            else if (text[at + 1] == '#' && After(text, "#}", at + 2) is { } closed)
            {
                report(TemplateDiagnostics.Jinja(source.Span(at, 2), "#"));
                lexer = new SqlLexer(text, closed);
            }
        }
    }

    private static bool IsContinuation(string word) =>
        word is "else" or "elif" || word.StartsWith("end", StringComparison.Ordinal);

    // in an escape block they are meant to be there
    private static bool IsText(Token token) => token is { Kind: TokenKind.Raw, Extra: 0 };

    private static bool MayHoldOne(string text, Token raw)
    {
        var span = text.AsSpan(raw.Start, raw.Length);
        return span.Contains("{%", StringComparison.Ordinal) || span.Contains("{#", StringComparison.Ordinal);
    }

    /// <summary>The text with blanks in place of all that is none, so that places stay what they are.</summary>
    private static string RawText(string text, IReadOnlyList<Token> tokens) =>
        string.Create(
            text.Length,
            (text, tokens),
            static (target, from) =>
            {
                target.Fill(' ');
                foreach (var token in from.tokens.Where(IsText))
                    from.text.AsSpan(token.Start, token.Length).CopyTo(target[token.Start..]);
            }
        );

    private static (int Start, int Length) Keyword(string text, int start)
    {
        while (start < text.Length && text[start] is ' ' or '-' or '+')
            start++;
        var end = start;
        while (end < text.Length && char.IsAsciiLetterLower(text[end]))
            end++;
        return (start, end - start);
    }

    private static int? After(string text, string closing, int start) =>
        text.IndexOf(closing, start, StringComparison.Ordinal) is >= 0 and var at
            ? at + closing.Length
            : null;
}
