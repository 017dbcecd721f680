using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Strata.Cli.Listing;

/// <summary>Environment variables that remember which of them were asked for, whether they are set or not.</summary>
public sealed class RecordingEnvironment(IReadOnlyDictionary<string, string> variables)
    : IReadOnlyDictionary<string, string>
{
    private readonly ConcurrentDictionary<string, bool> _read = new(StringComparer.Ordinal);

    /// <summary>Sorted.</summary>
    public ImmutableArray<string> NamesRead => [.. _read.Keys.Order(StringComparer.Ordinal)];

    public int Count => variables.Count;

    public IEnumerable<string> Keys => variables.Keys;

    public IEnumerable<string> Values => variables.Values;

    public string this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        _read.TryAdd(key, true);
        return variables.TryGetValue(key, out value);
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => variables.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
