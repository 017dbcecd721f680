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

    /// <summary>Whether it belongs to a scope that renders share.</summary>
    internal bool IsShared { get; private set; }

    public void Add(object? value) => _items.Add(value);

    /// <summary>Goes by the index, because a function that is called for each item may change the array.</summary>
    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < _items.Count; i++)
            yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Share()
    {
        if (IsShared)
            return;
        IsShared = true;
        Members?.Share();
        foreach (var item in _items)
            TemplateObject.Share(item);
    }

    /// <summary>Sets an item; past the end, the gap is filled with null.</summary>
    internal void Set(int index, object? value)
    {
        while (_items.Count <= index)
            _items.Add(null);
        _items[index] = value;
    }
}
