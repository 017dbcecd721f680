using System.Collections;

namespace Strata.Compiler.Templating;

/// <summary>An array of the template language. It may carry members beside its items, as the language allows.</summary>
public sealed class TemplateArray : IReadOnlyList<object?>
{
    private readonly List<object?> _items;

    public TemplateArray() => _items = [];

    public TemplateArray(int capacity) => _items = new List<object?>(capacity);

    public TemplateArray(IEnumerable<object?> items) => _items = [.. items];

    public int Count => _items.Count;

    public object? this[int index] => _items[index];

    /// <summary>Members set by <c>array.name = value</c>, and the named arguments of a simple function.</summary>
    public TemplateObject? Members { get; internal set; }

    public void Add(object? value) => _items.Add(value);

    public IEnumerator<object?> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Sets an item; past the end, the gap is filled with null.</summary>
    internal void Set(int index, object? value)
    {
        while (_items.Count <= index)
            _items.Add(null);
        _items[index] = value;
    }
}
