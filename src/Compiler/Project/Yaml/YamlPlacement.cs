using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>
/// A template that is a value in YAML is parsed as a text of its own. This moves places in that text to where
/// they stand in the YAML file; where quotes or folding changed the text, to the value as a whole.
/// </summary>
internal sealed class YamlPlacement(SourceText piece, YamlScalar scalar)
{
    private readonly int _start = scalar.Span.Text.IndexOf(piece.Text, StringComparison.Ordinal);

    public SourceSpan Move(SourceSpan span)
    {
        if (span.File != piece)
            return span;
        var whole = scalar.Span;
        return _start < 0
            ? whole
            : whole.File.Span(whole.Span.Start + _start + span.Span.Start, span.Span.Length);
    }

    public Diagnostic Move(Diagnostic diagnostic) =>
        diagnostic with
        {
            Span = diagnostic.Span is { } span ? Move(span) : scalar.Span,
            Notes = [.. diagnostic.Notes.Select(note => note with { Span = Move(note.Span) })],
        };

    public RelationSlot Move(RelationSlot slot) => slot with { Origin = Move(slot.Origin) };

    public SourceMap Move(SourceMap map)
    {
        var builder = new SourceMap.Builder();
        foreach (var segment in map.Segments)
        {
            builder.Add(
                segment.OutputStart,
                segment.OutputLength,
                Move(segment.Origin),
                segment.IsVerbatim && _start >= 0
            );
        }
        return builder.Build();
    }

    private SourceOrigin Move(SourceOrigin origin) =>
        new(Move(origin.Span), origin.CalledFrom is { } caller ? Move(caller) : null);
}
