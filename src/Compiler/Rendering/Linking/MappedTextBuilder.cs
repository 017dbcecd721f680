using System.Text;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>Puts texts together and keeps track of where each piece was written.</summary>
/// <param name="length">How long the text will be, about.</param>
/// <param name="segments">How many places it may come from.</param>
internal sealed class MappedTextBuilder(int length, int segments)
{
    private readonly StringBuilder _text = new(length);
    private readonly SourceMap.Builder _map = new(segments);

    public int Length => _text.Length;

    /// <summary>Adds text that was written, or asked for, at one place.</summary>
    public void Append(string text, SourceOrigin? origin)
    {
        if (origin is not null)
            _map.Add(_text.Length, text.Length, origin, isVerbatim: false);
        _text.Append(text);
    }

    /// <summary>Adds a range of a text with its own map.</summary>
    /// <param name="caller">The place that brought the text here, when it comes from another file.</param>
    public void Append(string text, SourceMap map, TextSpan range, SourceOrigin? caller = null)
    {
        if (range.IsEmpty)
            return;
        var shift = _text.Length - range.Start;
        var segments = map.Segments;
        for (var i = FirstSegment(map, range.Start); i < segments.Length; i++)
        {
            var segment = segments[i];
            // text behind a segment belongs to it, up to the next one
            var end = i + 1 < segments.Length ? segments[i + 1].OutputStart : text.Length;
            if (segment.OutputStart >= range.End)
                break;
            Add(segment, Math.Max(segment.OutputStart, range.Start), Math.Min(end, range.End), shift, caller);
        }
        _text.Append(text, range.Start, range.Length);
    }

    public (string Text, SourceMap Map) Build() => (_text.ToString(), _map.Build());

    private void Add(SourceMap.Segment segment, int start, int end, int shift, SourceOrigin? caller)
    {
        var origin = segment.Origin;
        if (segment.IsVerbatim)
        {
            var skipped = Math.Min(start - segment.OutputStart, origin.Span.Span.Length);
            var length = Math.Min(end - start, origin.Span.Span.Length - skipped);
            origin = origin with { Span = origin.Span.File.Span(origin.Span.Span.Start + skipped, length) };
        }
        if (caller is not null)
            origin = WithCaller(origin, caller);
        _map.Add(start + shift, end - start, origin, segment.IsVerbatim);
    }

    private static SourceOrigin WithCaller(SourceOrigin origin, SourceOrigin caller) =>
        origin with
        {
            CalledFrom = origin.CalledFrom is { } own ? WithCaller(own, caller) : caller,
        };

    private static int FirstSegment(SourceMap map, int offset)
    {
        var segments = map.Segments;
        int low = 0,
            high = segments.Length - 1,
            found = 0;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].OutputStart <= offset)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return found;
    }
}
