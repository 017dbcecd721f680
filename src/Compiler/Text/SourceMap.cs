using System.Collections.Immutable;

namespace Strata.Compiler.Text;

/// <summary>
/// Leads from an offset in rendered text to where that text was written. Segments are sorted by
/// output offset and do not overlap; text between segments belongs to the segment before it.
/// </summary>
public sealed class SourceMap
{
    public static readonly SourceMap Empty = new([]);

    private readonly ImmutableArray<Segment> _segments;

    internal SourceMap(ImmutableArray<Segment> segments) => _segments = segments;

    public ImmutableArray<Segment> Segments => _segments;

    /// <summary>
    /// The origin of the character at <paramref name="offset"/>, or null when the map is empty. Copied
    /// text maps character by character, printed values map to the expression that printed them.
    /// </summary>
    public SourceOrigin? Find(int offset)
    {
        var index = IndexOf(offset);
        if (index < 0)
            return null;
        var segment = _segments[index];
        if (!segment.IsVerbatim)
            return segment.Origin;
        var span = segment.Origin.Span;
        var shift = Math.Min(offset - segment.OutputStart, span.Span.Length);
        return segment.Origin with
        {
            Span = span.File.Span(span.Span.Start + shift, span.Span.Length - shift),
        };
    }

    private int IndexOf(int offset)
    {
        int low = 0,
            high = _segments.Length - 1,
            found = -1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].OutputStart <= offset)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return found < 0 && _segments.Length > 0 ? 0 : found;
    }

    /// <param name="OutputStart">First offset in the rendered text.</param>
    /// <param name="OutputLength">Length in the rendered text.</param>
    /// <param name="Origin">Where it was written.</param>
    /// <param name="IsVerbatim">Whether the text was copied unchanged, so that offsets correspond one to one.</param>
    public readonly record struct Segment(
        int OutputStart,
        int OutputLength,
        SourceOrigin Origin,
        bool IsVerbatim
    );

    /// <param name="capacity">How many segments there may be.</param>
    public sealed class Builder(int capacity = 8)
    {
        private readonly ImmutableArray<Segment>.Builder _segments = ImmutableArray.CreateBuilder<Segment>(
            capacity
        );

        public void Add(int outputStart, int outputLength, SourceOrigin origin, bool isVerbatim)
        {
            if (outputLength > 0)
                _segments.Add(new Segment(outputStart, outputLength, origin, isVerbatim));
        }

        public SourceMap Build() =>
            _segments.Count == 0 ? Empty : new SourceMap(_segments.DrainToImmutable());
    }
}
