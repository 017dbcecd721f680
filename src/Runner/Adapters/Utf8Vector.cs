using System.Text;

namespace Strata.Runner.Adapters;

/// <summary>
/// Texts as UTF-8, behind each other in one buffer, for loads whose texts need never be strings. Rows are set in
/// their order.
/// </summary>
public sealed class Utf8Vector : ColumnVector
{
    private readonly (int Start, int Length)[] _places;
    private byte[] _bytes = new byte[1 << 14];
    private int _end;

    private Utf8Vector(int capacity) => _places = new (int, int)[capacity];

    public static Utf8Vector Create(int capacity) => new(capacity) { Nulls = new bool[capacity] };

    /// <summary>Undefined for a null.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_places[row].Start, _places[row].Length);

    /// <summary>Forgets all rows: the next are set from the first one on, and are null until then.</summary>
    public void Clear()
    {
        _end = 0;
        Nulls.AsSpan().Fill(true);
    }

    public void Set(int row, ReadOnlySpan<char> text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_bytes.Length - _end < most)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + most));
        var length = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_end));
        _places[row] = (_end, length);
        _end += length;
        Nulls[row] = false;
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
            Set(row, text.AsSpan());
        else if (value is not null)
            throw new InvalidCastException($"a {value.GetType().Name} among texts");
        else
            Nulls[row] = true;
    }
}
