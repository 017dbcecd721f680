using System.Diagnostics.CodeAnalysis;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>
/// What <c>this</c> is outside of <c>with</c>: the names that the template assigned, before those that the
/// host gave. The built-ins are found by name, but are no members of it.
/// </summary>
internal sealed class GlobalObject(TemplateScope scope) : TemplateObject
{
    public override int Count => Names.Count();

    public override IEnumerable<string> Names => base.Names.Concat(scope.HostNames).Distinct();

    /// <summary>A name that the template itself assigned.</summary>
    public bool TryGetAssigned(string name, [MaybeNullWhen(false)] out object? value) =>
        base.TryGet(name, out value);

    public override bool TryGet(string name, [MaybeNullWhen(false)] out object? value)
    {
        if (base.TryGet(name, out value))
            return true;
        for (var layer = scope; layer is not null && !layer.IsBuiltIn; layer = layer.Parent)
        {
            if (layer.TryGetOwn(name, out value))
                return true;
        }
        return false;
    }

    public override IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        foreach (var name in Names)
            yield return KeyValuePair.Create(name, this[name]);
    }
}
