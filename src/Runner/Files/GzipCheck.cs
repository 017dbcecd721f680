using System.IO.Compression;
using System.Text;

namespace Strata.Runner.Files;

/// <summary>
/// Finds gzip files that end too early, which decompressors read as short ones. A known member is put behind the
/// file: it comes out at the end if, and only if, the file's own last member was whole.
/// </summary>
internal static class GzipCheck
{
    // repeated, so that its compressed form does not hold it literally
    private static readonly byte[] Mark = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("end of file, ", 8))
    );
    private static readonly byte[] MarkMember = Compress(Mark);

    /// <exception cref="InvalidDataException">The file is torn or no gzip at all.</exception>
    public static async Task ReadToEndAsync(Stream file, CancellationToken cancellationToken)
    {
        await using var marked = new Followed(file, MarkMember);
        await using var unpacked = new GZipStream(marked, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        var tail = new byte[Mark.Length];
        int read;
        while ((read = await unpacked.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var fresh = buffer.AsSpan(Math.Max(0, read - tail.Length), Math.Min(read, tail.Length));
            tail.AsSpan(fresh.Length).CopyTo(tail);
            fresh.CopyTo(tail.AsSpan(tail.Length - fresh.Length));
        }
        if (!tail.AsSpan().SequenceEqual(Mark))
            throw new InvalidDataException("the compressed file ends before its content does");
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
            zip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream, and then some more bytes. Leaves the stream open.</summary>
    private sealed class Followed(Stream first, byte[] then) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken
        )
        {
            var read = _position == 0 ? await first.ReadAsync(buffer, cancellationToken) : 0;
            return read > 0 ? read : ReadRest(buffer.Span);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = _position == 0 ? first.Read(buffer, offset, count) : 0;
            return read > 0 ? read : ReadRest(buffer.AsSpan(offset, count));
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int ReadRest(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, then.Length - _position);
            then.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
