using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Templating.BuiltIns;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating;

/// <summary>
/// The names that a template finds when it starts: layers of immutable dictionaries, so that one scope
/// with the built-ins and a project's macros serves any number of renders, on any number of threads.
/// Assignments of a template never reach it, and the arrays and objects in it cannot be changed (except in
/// the lenient mode, whose scopes serve one render).
/// </summary>
public sealed class TemplateScope
{
    /// <summary>The built-in functions: <c>string</c>, <c>array</c>, <c>include</c> and so on.</summary>
    public static readonly TemplateScope BuiltIns = new(BuiltInCatalogue.Globals, null, null);

    private readonly IReadOnlyDictionary<string, object?> _values;
    private readonly Dictionary<Type, object>? _features;

    private TemplateScope(
        IReadOnlyDictionary<string, object?> values,
        TemplateScope? parent,
        Dictionary<Type, object>? features
    )
    {
        _values = values;
        Parent = parent;
        _features = features;
    }

    public TemplateScope? Parent { get; }

    internal bool IsBuiltIn => ReferenceEquals(_values, BuiltInCatalogue.Globals);

    /// <param name="parent">Looked at where a name is not among the values; by default the built-ins.</param>
    public static TemplateScope Create(
        IEnumerable<KeyValuePair<string, object?>> values,
        TemplateScope? parent = null
    )
    {
        var normalized = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            var own = HostValues.Normalize(value);
            TemplateObject.Share(own);
            normalized[name] = own;
        }
        return new TemplateScope(normalized, parent ?? BuiltIns, null);
    }

    /// <summary>A layer with something for the functions of the host, such as an <see cref="ISqlQuoting"/>.</summary>
    public TemplateScope With<T>(T feature)
        where T : class =>
        new(
            FrozenDictionary<string, object?>.Empty,
            this,
            new Dictionary<Type, object>(capacity: 1) { [typeof(T)] = feature }
        );

    /// <summary>The innermost feature of that type, or null.</summary>
    public T? Get<T>()
        where T : class
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._features is not null && scope._features.TryGetValue(typeof(T), out var feature))
                return (T)feature;
        }
        return null;
    }

    public bool TryGet(string name, [MaybeNullWhen(false)] out object? value)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._values.TryGetValue(name, out value))
                return true;
        }
        value = null;
        return false;
    }

    internal bool TryGetOwn(string name, [MaybeNullWhen(false)] out object? value) =>
        _values.TryGetValue(name, out value);

    /// <summary>Every name, the innermost layer first.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Parent)
            {
                foreach (var name in scope._values.Keys)
                    yield return name;
            }
        }
    }

    /// <summary>The names that the host gave, without the built-ins.</summary>
    internal IEnumerable<string> HostNames
    {
        get
        {
            for (var scope = this; scope is not null && !scope.IsBuiltIn; scope = scope.Parent)
            {
                foreach (var name in scope._values.Keys)
                    yield return name;
            }
        }
    }
}
