using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Names whose values are made when they are first asked for; safe to share between threads.</summary>
internal sealed class LazyDictionary : IReadOnlyDictionary<string, object?>
{
    private readonly Dictionary<string, Entry> _entries;

    public LazyDictionary(ReadOnlySpan<KeyValuePair<string, Func<object>>> entries)
    {
        _entries = new Dictionary<string, Entry>(entries.Length, StringComparer.Ordinal);
        foreach (var (name, create) in entries)
            _entries.Add(name, new Entry(create));
    }

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<object?> Values => _entries.Values.Select(entry => entry.Value);

    public object? this[string key] => _entries[key].Value;

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        var isFound = _entries.TryGetValue(key, out var entry);
        value = entry?.Value;
        return isFound;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        _entries.Select(entry => KeyValuePair.Create(entry.Key, (object?)entry.Value.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Entry(Func<object> create)
    {
        private object? _value;

        /// <summary>Two threads may both make it; only one result is ever seen.</summary>
        public object Value => _value ?? Interlocked.CompareExchange(ref _value, create(), null) ?? _value;
    }
}
