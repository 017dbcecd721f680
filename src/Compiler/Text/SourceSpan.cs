namespace Strata.Compiler.Text;

/// <summary>A span together with the file that it lies in: what a diagnostic points at.</summary>
public readonly record struct SourceSpan(SourceText File, TextSpan Span)
{
    public LinePosition Start => File.GetPosition(Span.Start);

    public LinePosition End => File.GetPosition(Span.End);

    public string Text => File.Text.Substring(Span.Start, Span.Length);

    public override string ToString() => $"{File.Path}:{Start}";
}
