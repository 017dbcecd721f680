namespace Strata.Runner.Files.Reading;

/// <summary>
/// The part of a text that is being looked at. It grows until it holds a whole record, up to a limit, so that
/// memory depends on the longest record and not on the file.
/// </summary>
internal sealed class TextWindow(TextReader reader)
{
    /// <summary>A record may be long, but one without an end must not eat the memory.</summary>
    public const int MaxRecord = 16 * 1024 * 1024;

    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;

    public ReadOnlySpan<char> Text => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Nothing comes behind <see cref="Text"/>.</summary>
    public bool IsLast { get; private set; }

    public bool IsFull => _end - _start >= MaxRecord;

    /// <summary>Goes on behind some characters. Spans of <see cref="Text"/> last until the next fill.</summary>
    public void Advance(int count) => _start += count;

    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await reader.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        IsLast = read == 0;
    }
}
