using System.Globalization;
using System.Text;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// Renders a diagnostic as plain text: the message, the place with its source line underlined,
/// further places aligned, and the hint.
/// </summary>
public static class DiagnosticRenderer
{
    public static string Render(Diagnostic diagnostic)
    {
        var text = new StringBuilder();
        var severity = diagnostic.IsError ? "error" : "warning";
        text.Append(CultureInfo.InvariantCulture, $"{severity} {diagnostic.Code}: {diagnostic.Message}\n");
        foreach (var detail in diagnostic.Details)
            text.Append("  ").Append(detail).Append('\n');
        if (diagnostic.Notes.IsEmpty)
            AppendPlace(text, diagnostic);
        else
            AppendPlaces(text, diagnostic);
        if (diagnostic.Hint is { } hint)
            text.Append("   = hint: ").Append(hint).Append('\n');
        return text.ToString();
    }

    private static void AppendPlace(StringBuilder text, Diagnostic diagnostic)
    {
        if (diagnostic.Span is not { } span)
            return;
        text.Append("  --> ").Append(span);
        if (diagnostic.SpanSuffix is { } suffix)
            text.Append(" (").Append(suffix).Append(')');
        text.Append('\n');
        AppendSnippet(text, span);
    }

    private static void AppendPlaces(StringBuilder text, Diagnostic diagnostic)
    {
        if (diagnostic.Span is { } span && diagnostic.Notes.All(note => note.Span != span))
            AppendPlace(text, diagnostic);
        var width = diagnostic.Notes.Max(note => note.Span.ToString().Length);
        foreach (var note in diagnostic.Notes)
            text.Append("  --> ")
                .Append(note.Span.ToString().PadRight(width))
                .Append("  ")
                .Append(note.Text)
                .Append('\n');
    }

    private static void AppendSnippet(StringBuilder text, SourceSpan span)
    {
        var start = span.Start;
        var line = span.File.GetLine(start.Line);
        if (line.Length == 0)
            return;
        var number = start.Line.ToString(CultureInfo.InvariantCulture);
        var margin = new string(' ', Math.Max(number.Length + 1, 2));
        var onThisLine = span.End.Line == start.Line ? span.Span.Length : line.Length - start.Column + 1;
        var carets = Math.Clamp(onThisLine, 1, Math.Max(1, line.Length - start.Column + 1));
        // a tab before the place stays a tab below, so that the underline lines up
        var indent = string.Concat(line.Take(start.Column - 1).Select(c => c == '\t' ? '\t' : ' '));
        text.Append(' ').Append(margin).Append("|\n");
        text.Append(' ')
            .Append(number)
            .Append(' ', margin.Length - number.Length)
            .Append("| ")
            .Append(line)
            .Append('\n');
        text.Append(' ').Append(margin).Append("| ").Append(indent).Append('^', carets).Append('\n');
    }
}
