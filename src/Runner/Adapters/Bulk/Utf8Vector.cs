using System.Text;

namespace Strata.Runner.Adapters.Bulk;

/// <summary>
/// Texts as UTF-8, behind each other in one buffer: no text need be a string on its way from one engine to another. Rows are set in
/// their order.
/// </summary>
public sealed class Utf8Vector : ColumnVector
{
    /// <summary>How many bytes readers put into a batch before they begin the next one, as far as whole rows allow.</summary>
    public const int BytesPerBatch = 16 << 20;

    private const int LeastBuffer = 256;

    private readonly (int Start, int Length)[] _places;
    private byte[] _bytes = [];
    private int _end;

    private Utf8Vector(int capacity) => _places = new (int, int)[capacity];

    public static Utf8Vector Create(int capacity) => new(capacity) { Nulls = new bool[capacity] };

    /// <summary>Undefined for a null.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_places[row].Start, _places[row].Length);

    public override void Clear()
    {
        base.Clear();
        _end = 0;
    }

    public void SetText(int row, ReadOnlySpan<char> text)
    {
        var room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Take(row, Encoding.UTF8.GetBytes(text, room));
    }

    /// <param name="text">Valid UTF-8.</param>
    public void SetUtf8(int row, ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Take(row, text.Length);
    }

    public override object?[] ToObjects(int count)
    {
        var objects = new object?[count];
        for (var i = 0; i < count; i++)
            objects[i] = Nulls[i] ? null : Encoding.UTF8.GetString(this[i]);
        return objects;
    }

    public override void Set(int row, object? value)
    {
        if (value is string text)
            SetText(row, text);
        else if (value is not null)
            throw new InvalidCastException($"a {value.GetType().Name} among texts");
        else
            Nulls[row] = true;
    }

    private Span<byte> Reserve(int most)
    {
        if (_bytes.Length - _end < most)
        {
            var twice = Math.Min(_bytes.Length * 2L, Array.MaxLength);
            Array.Resize(ref _bytes, (int)Math.Max(Math.Max(twice, LeastBuffer), _end + (long)most));
        }
        return _bytes.AsSpan(_end);
    }

    private void Take(int row, int length)
    {
        _places[row] = (_end, length);
        _end += length;
        Nulls[row] = false;
    }
}
