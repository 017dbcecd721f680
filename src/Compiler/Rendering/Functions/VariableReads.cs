using System.Collections.Concurrent;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>The names that <c>var</c> was asked for while a project was compiled. Shared between threads.</summary>
internal sealed class VariableReads
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _names.Keys;

    public void Add(string name) => _names.TryAdd(name, true);

    public bool Contains(string name) => _names.ContainsKey(name);
}
