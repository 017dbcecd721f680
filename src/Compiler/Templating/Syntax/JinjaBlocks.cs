using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// Finds <c>{% if ... %}</c> and its kin in text, and <c>{# ... #}</c>. They are no code here, but whoever comes from dbt writes
/// them, and would meet them again as a puzzling error of the engine.
/// </summary>
internal static class JinjaBlocks
{
    private static readonly string[] s_keywords =
    [
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "endfor",
        "set",
        "endset",
        "macro",
        "endmacro",
        "call",
        "endcall",
        "do",
        "raw",
        "endraw",
        "test",
        "endtest",
        "snapshot",
        "endsnapshot",
        "materialization",
    ];

    public static void Report(SourceText source, int start, int end, Action<Diagnostic> report)
    {
        ReportBlocks(source, start, end, report);
        ReportComments(source, start, end, report);
    }

    // what is never closed is no comment: '{#' may stand in a text of SQL
    private static void ReportComments(SourceText source, int start, int end, Action<Diagnostic> report)
    {
        var text = source.Text;
        for (var at = start; at < end; at += 2)
        {
            at = text.IndexOf("{#", at, end - at, StringComparison.Ordinal);
            if (at < 0 || !text.AsSpan(at + 2).Contains("#}", StringComparison.Ordinal))
                return;
            report(TemplateDiagnostics.Jinja(source.Span(at, 2), "#"));
        }
    }

    private static void ReportBlocks(SourceText source, int start, int end, Action<Diagnostic> report)
    {
        var text = source.Text.AsSpan(0, end);
        for (var at = start; ; at++)
        {
            var found = text[at..].IndexOf("{%");
            if (found < 0)
                return;
            at += found;
            var word = at + 2;
            while (word < end && text[word] is ' ' or '-' or '+')
                word++;
            var wordEnd = word;
            while (wordEnd < end && char.IsAsciiLetterLower(text[wordEnd]))
                wordEnd++;
            var keyword = text[word..wordEnd].ToString();
            if (Array.IndexOf(s_keywords, keyword) >= 0)
                report(TemplateDiagnostics.Jinja(source.Span(at, wordEnd - at), keyword));
        }
    }
}
