using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Strata.Compiler.Templating;

/// <summary>An object of the template language: members by name, in the order in which they were added.</summary>
public class TemplateObject : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _members;
    private HashSet<string>? _readonly;

    public TemplateObject() => _members = new OrderedDictionary<string, object?>(StringComparer.Ordinal);

    public TemplateObject(IEnumerable<KeyValuePair<string, object?>> members)
        : this()
    {
        foreach (var (name, value) in members)
            _members[name] = Values.HostValues.Normalize(value);
    }

    /// <summary>What printing gives where that is not the members: the name of a relation, say.</summary>
    public virtual string? Text => null;

    /// <summary>What to do where a member is asked for that it does not have; null where nothing is to be said.</summary>
    public virtual string? HintFor(string missing) => null;

    public virtual int Count => _members.Count;

    public virtual IEnumerable<string> Names => _members.Keys;

    public object? this[string name]
    {
        get => TryGet(name, out var value) ? value : null;
        set => Set(name, value);
    }

    public virtual bool TryGet(string name, [MaybeNullWhen(false)] out object? value) =>
        _members.TryGetValue(name, out value);

    public bool Contains(string name) => TryGet(name, out _);

    public virtual void Set(string name, object? value) => _members[name] = value;

    internal void Add(string name, object? value) => _members[name] = value;

    /// <summary>Whether it belongs to a scope that renders share: templates may read it only.</summary>
    internal bool IsShared { get; private set; }

    internal static void Share(object? value)
    {
        if (value is TemplateObject @object)
            @object.Share();
        else if (value is TemplateArray array)
            array.Share();
    }

    internal void Share()
    {
        if (IsShared)
            return;
        IsShared = true;
        foreach (var member in _members.Values)
            Share(member);
    }

    internal bool IsReadonly(string name) => _readonly?.Contains(name) == true;

    internal void MakeReadonly(string name) =>
        (_readonly ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public virtual IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
