namespace Strata.Compiler.Text;

/// <summary>
/// The immutable text of one file of the project, with a lazily built line index. Lines end at
/// <c>\n</c>, <c>\r\n</c> or a lone <c>\r</c>; the text itself is never changed.
/// </summary>
public sealed class SourceText
{
    private int[]? _lineStarts;

    /// <param name="path">Project-relative path with '/' separators, as shown to the user.</param>
    public SourceText(string path, string text)
    {
        Path = path;
        Text = text;
    }

    public string Path { get; }

    public string Text { get; }

    public int Length => Text.Length;

    public int LineCount => LineStarts.Length;

    private int[] LineStarts => _lineStarts ??= ComputeLineStarts(Text);

    public LinePosition GetPosition(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var index = Array.BinarySearch(LineStarts, offset);
        if (index < 0)
            index = ~index - 1;
        return new LinePosition(index + 1, offset - LineStarts[index] + 1);
    }

    /// <summary>The offset of a 1-based position; positions past the end of a line or of the text are clamped.</summary>
    public int GetOffset(LinePosition position)
    {
        var line = Math.Clamp(position.Line, 1, LineCount) - 1;
        var end = line + 1 < LineCount ? LineStarts[line + 1] : Text.Length;
        return Math.Min(LineStarts[line] + Math.Max(position.Column - 1, 0), end);
    }

    /// <summary>The text of a 1-based line, without its line end.</summary>
    public string GetLine(int line)
    {
        if (line < 1 || line > LineCount)
            return "";
        var start = LineStarts[line - 1];
        var end = line < LineCount ? LineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }

    public SourceSpan Span(int start, int length) => new(this, new TextSpan(start, length));

    public SourceSpan Span(TextSpan span) => new(this, span);

    public override string ToString() => Path;

    private static int[] ComputeLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                starts.Add(i + 1);
        }
        return [.. starts];
    }
}
