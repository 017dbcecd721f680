using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Output;

/// <summary>Writes diagnostics as the renderer lays them out, in colour where there is a terminal.</summary>
/// <param name="printed">Takes all of them, also those that are only counted; null when nobody asks for them.</param>
public sealed class DiagnosticPrinter(
    TextWriter writer,
    Palette palette,
    ICollection<Diagnostic>? printed = null
)
{
    // beyond this nobody reads on; the rest is counted
    private const int Most = 40;

    /// <summary>Writes them with an empty line between; errors last, where the eye is.</summary>
    public void Print(IReadOnlyCollection<Diagnostic> diagnostics) =>
        Print([.. diagnostics.Select(diagnostic => new PrintedDiagnostic(diagnostic, null))]);

    /// <summary>The same.</summary>
    public void Print(IReadOnlyCollection<PrintedDiagnostic> diagnostics)
    {
        var ordered = diagnostics.OrderBy(one => one.Diagnostic.IsError).ToList();
        var left = ordered.Count - Most;
        var isFirst = true;
        foreach (var skipped in ordered.Take(left))
            printed?.Add(skipped.Diagnostic);
        foreach (var one in left > 0 ? ordered.TakeLast(Most) : ordered)
        {
            if (!isFirst)
                writer.Write('\n');
            isFirst = false;
            Print(one.Diagnostic);
            if (one.Below is { } line)
                writer.Write(line + "\n");
        }
        if (left > 0)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\n... and {left} more\n"));
    }

    public void Print(Diagnostic diagnostic)
    {
        printed?.Add(diagnostic);
        var lines = DiagnosticRenderer.Render(diagnostic).TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
            writer.Write((i == 0 ? Head(lines[0], diagnostic) : Body(lines[i], diagnostic)) + "\n");
    }

    private string Head(string line, Diagnostic diagnostic)
    {
        var end = line.IndexOf(": ", StringComparison.Ordinal) + 1;
        return palette.Paint(line[..end], diagnostic.IsError ? Tone.Bad : Tone.Warning)
            + palette.Paint(line[end..], Tone.Strong);
    }

    // rows of a comparison: missing, unexpected, changed
    private static Tone ToneOf(string detail) =>
        detail.Length < 3 || detail[1..3] != "  "
            ? Tone.Plain
            : detail[0] switch
            {
                '-' => Tone.Bad,
                '+' => Tone.Good,
                '~' => Tone.Warning,
                _ => Tone.Plain,
            };

    private string Body(string line, Diagnostic diagnostic)
    {
        var text = line.TrimStart(' ');
        if (text.StartsWith("= hint:", StringComparison.Ordinal))
            return palette.Paint(line, Tone.Accent);
        if (text.StartsWith("-->", StringComparison.Ordinal))
            return palette.Paint(line, Tone.Quiet);
        if (diagnostic.Details.Contains(text))
            return palette.Paint(line, ToneOf(text));
        var margin = line.IndexOf('|', StringComparison.Ordinal);
        if (margin < 0 || line.AsSpan(0, margin).ContainsAnyExcept(" 0123456789"))
            return line;
        var code = line[(margin + 1)..];
        var isUnderline = code.AsSpan().TrimStart().StartsWith("^", StringComparison.Ordinal);
        return palette.Paint(line[..(margin + 1)], Tone.Quiet)
            + (isUnderline ? palette.Paint(code, diagnostic.IsError ? Tone.Bad : Tone.Warning) : code);
    }
}
