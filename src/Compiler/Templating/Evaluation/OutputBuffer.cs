using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>
/// Text being printed, with the places that it comes from. Indents the lines of blocks that stand alone
/// on their line, as the language's auto-indent asks.
/// </summary>
internal sealed class OutputBuffer(
    bool isMapped,
    int limit,
    bool isTruncating,
    bool indentsEmptyLines,
    int capacity
) : IDisposable
{
    private char[] _characters = ArrayPool<char>.Shared.Rent(capacity);
    private List<Piece>? _pieces;
    private bool _isLineStart;
    private bool _isTruncated;

    public int Length { get; private set; }

    /// <summary>Put before every line but the first of what is printed while it is set.</summary>
    public string? Indent { get; set; }

    public override string ToString() => new(_characters, 0, Length);

    public bool IsBlank => _characters.AsSpan(0, Length).IsWhiteSpace();

    /// <summary>Copies text of a template.</summary>
    /// <returns>Whether it fits the limit.</returns>
    public bool WriteSource(SourceText source, int start, int length, Frame frame) =>
        Write(
            source.Text.AsSpan(start, length),
            source,
            new TextSpan(start, length),
            frame,
            isVerbatim: true
        );

    /// <summary>Prints a value that the code at <paramref name="span"/> made.</summary>
    /// <returns>Whether it fits the limit.</returns>
    public bool WriteValue(ReadOnlySpan<char> text, SourceText source, TextSpan span, Frame frame) =>
        Write(text, source, span, frame, isVerbatim: false);

    /// <summary>Appends what another buffer holds, with its map; its lines are indented like any other text.</summary>
    public bool WriteBuffer(OutputBuffer other)
    {
        if (other._pieces is not { } pieces)
            return true;
        foreach (var piece in pieces)
        {
            var text = other._characters.AsSpan(piece.Start, piece.Length);
            var span = new TextSpan(piece.SpanStart, piece.SpanLength);
            if (!Write(text, piece.Source, span, piece.Frame, piece.IsVerbatim))
                return false;
        }
        return true;
    }

    public SourceMap BuildMap()
    {
        if (_pieces is null)
            return SourceMap.Empty;
        var map = new SourceMap.Builder(_pieces.Count);
        foreach (var piece in _pieces)
        {
            var span = piece.Source.Span(piece.SpanStart, piece.SpanLength);
            map.Add(
                piece.Start,
                piece.Length,
                new SourceOrigin(span, piece.Frame.CalledFrom),
                piece.IsVerbatim
            );
        }
        return map.Build();
    }

    private bool Write(
        ReadOnlySpan<char> text,
        SourceText source,
        TextSpan span,
        Frame frame,
        bool isVerbatim
    )
    {
        if (text.IsEmpty)
            return true;
        if (string.IsNullOrEmpty(Indent))
        {
            _isLineStart = text[^1] == '\n';
            return Append(text, source, span.Start, span.Length, frame, isVerbatim);
        }
        var at = 0;
        while (at < text.Length)
        {
            if (_isLineStart && (indentsEmptyLines || !StartsWithNewLine(text[at..])))
            {
                if (!Append(Indent, source, span.Start + (isVerbatim ? at : 0), 0, frame, isVerbatim: false))
                    return false;
            }
            _isLineStart = false;
            var newLine = text[at..].IndexOf('\n');
            var length = newLine < 0 ? text.Length - at : newLine + 1;
            _isLineStart = newLine >= 0;
            var (spanStart, spanLength) = isVerbatim ? (span.Start + at, length) : (span.Start, span.Length);
            if (!Append(text.Slice(at, length), source, spanStart, spanLength, frame, isVerbatim))
                return false;
            at += length;
        }
        return true;
    }

    private static bool StartsWithNewLine(ReadOnlySpan<char> text) =>
        text[0] == '\n' || (text.Length > 1 && text[0] == '\r' && text[1] == '\n');

    private bool Append(
        ReadOnlySpan<char> text,
        SourceText source,
        int spanStart,
        int spanLength,
        Frame frame,
        bool isVerbatim
    )
    {
        if (_isTruncated)
            return true;
        if (limit > 0 && Length + text.Length > limit)
        {
            if (!isTruncating)
                return false;
            _isTruncated = true;
            Copy(text[..(limit - Length)]);
            Copy("...");
            return true;
        }
        if (isMapped)
            (_pieces ??= []).Add(
                new Piece(Length, text.Length, source, spanStart, spanLength, frame, isVerbatim)
            );
        Copy(text);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _characters.Length)
            Grow(Length + text.Length);
        text.CopyTo(_characters.AsSpan(Length));
        Length += text.Length;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_characters.Length * 2, needed));
        _characters.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_characters);
        _characters = larger;
    }

    /// <summary>Gives the memory back; the text must have been taken before.</summary>
    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_characters);
        _characters = [];
        Length = 0;
    }

    private readonly record struct Piece(
        int Start,
        int Length,
        SourceText Source,
        int SpanStart,
        int SpanLength,
        Frame Frame,
        bool IsVerbatim
    );
}
