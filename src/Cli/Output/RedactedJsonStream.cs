using System.Text;

namespace Strata.Cli.Output;

/// <summary>
/// Masks secrets in JSON on its way. Each write is a block that ends behind a value or the name of one, as a JSON writer flushes it, so that no string
/// is in two of them.
/// </summary>
internal sealed class RedactedJsonStream(Stream inner, Redactor redactor) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) =>
        inner.Write(Encoding.UTF8.GetBytes(redactor.RedactJson(Encoding.UTF8.GetString(buffer))));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
