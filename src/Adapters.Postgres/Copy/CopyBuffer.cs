using System.Buffers.Binary;

namespace Strata.Adapters.Postgres.Copy;

/// <summary>Bytes of COPY's binary format that wait to be sent; all numbers are big-endian.</summary>
internal sealed class CopyBuffer
{
    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for so many bytes, which count as written.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>A field's length word, to be filled by <see cref="EndField"/>.</summary>
    public int BeginField()
    {
        Take(4);
        return Length;
    }

    public void EndField(int start) =>
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start - 4, 4), Length - start);
}
