using System.IO.Compression;
using System.Text;

namespace Strata.Runner.Files.Reading;

/// <summary>
/// The content of a gzip file. One that ends too early is an error, where decompressors read it as a short one: a
/// known member is put behind the file, which comes out at the end if, and only if, the file's own last member
/// was whole.
/// </summary>
internal sealed class GzipContent : ReadOnlyStream
{
    private const string Damaged = "the compressed file is damaged or ends too early";

    // repeated, so that its compressed form does not hold it literally
    private static readonly byte[] Mark = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("end of file, ", 8))
    );
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly GZipStream _unpacked;

    // what was unpacked and not given out: the mark is never given out
    private readonly byte[] _held = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isEnd;

    public GzipContent(Stream file) =>
        _unpacked = new GZipStream(new Followed(file, MarkMember), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The file is torn or no gzip at all.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (!_isEnd && _end - _start <= Mark.Length)
        {
            _held.AsSpan(_start.._end).CopyTo(_held);
            (_start, _end) = (0, _end - _start);
            var read = await UnpackAsync(_held.AsMemory(_end), cancellationToken);
            _end += read;
            _isEnd = read == 0;
        }
        var count = Math.Min(buffer.Length, _end - _start - Mark.Length);
        if (count <= 0)
        {
            if (!_held.AsSpan(_start.._end).SequenceEqual(Mark))
                throw new InvalidDataException(Damaged);
            return 0;
        }
        _held.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> UnpackAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            // what comes behind a torn member looks like anything
            throw new InvalidDataException(Damaged, e);
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
            zip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream, and then some more bytes.</summary>
    private sealed class Followed(Stream first, byte[] then) : ReadOnlyStream
    {
        private int _position;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = _position == 0 ? await first.ReadAsync(buffer, cancellationToken) : 0;
            if (read > 0)
                return read;
            var count = Math.Min(buffer.Length, then.Length - _position);
            then.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }
}
