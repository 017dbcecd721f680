using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Reads and writes names through the layers that can be seen from the current call.</summary>
internal sealed class Variables(RenderContext context)
{
    public bool TryGet(string name, out object? value)
    {
        var frame = context.Frame;
        for (var layer = frame.Scope; layer is not null; layer = layer.Parent)
        {
            switch (layer.Kind)
            {
                case ScopeKind.Loop:
                    if (layer.LoopName == name)
                    {
                        value = layer.LoopValue;
                        return true;
                    }
                    break;
                case ScopeKind.Global:
                    return context.Globals.TryGetAssigned(name, out value)
                        || context.Scope.TryGet(name, out value);
                case ScopeKind.Function when !frame.Sees(layer.Owner):
                    break;
                default:
                    if (layer.Store is { } store && store.TryGet(name, out value))
                        return true;
                    break;
            }
        }
        value = null;
        return false;
    }

    /// <summary>The names that can be seen, to suggest one for a misspelled one.</summary>
    public IEnumerable<string> Names()
    {
        var frame = context.Frame;
        for (var layer = frame.Scope; layer is not null; layer = layer.Parent)
        {
            if (layer.LoopName is { } loop)
                yield return loop;
            if (layer.Store is null || (layer.Kind == ScopeKind.Function && !frame.Sees(layer.Owner)))
                continue;
            foreach (var name in layer.Store.Names)
                yield return name;
        }
        foreach (var name in TemplateScope.BuiltIns.Names)
            yield return name;
    }

    /// <summary>The object that assignments go into, which is also <c>this</c>.</summary>
    public TemplateObject CurrentObject()
    {
        var frame = context.Frame;
        var layer = frame.Scope;
        while (layer.Kind == ScopeKind.Loop || (layer.Kind == ScopeKind.Function && !frame.Sees(layer.Owner)))
            layer = layer.Parent ?? throw new InvalidOperationException("no global scope");
        return layer.Store ?? context.Globals;
    }

    /// <summary>What the host means by <c>this</c>; inside <c>with</c> the word keeps the language's own meaning.</summary>
    public bool TryGetHostThis(out object? value)
    {
        value = null;
        for (var layer = context.Frame.Scope; layer is not null; layer = layer.Parent)
        {
            if (layer.Kind == ScopeKind.With)
                return false;
        }
        return context.Scope.TryGet("this", out value);
    }

    public void Set(string name, object? value, TextSpan span)
    {
        var frame = context.Frame;
        TemplateObject? own = null;
        for (var layer = frame.Scope; layer is not null; layer = layer.Parent)
        {
            if (layer.Kind == ScopeKind.Loop || layer.Store is not { } store)
                continue;
            if (layer.Kind == ScopeKind.Function)
            {
                if (!frame.Sees(layer.Owner))
                    continue;
                if (store.Contains(name))
                {
                    Store(store, name, value, span);
                    return;
                }
                own ??= store;
                continue;
            }
            // a new name of a function stays inside of it; one that exists outside is assigned there
            Store(own is not null && !ExistsOutside(layer, name) ? own : store, name, value, span);
            return;
        }
    }

    private bool ExistsOutside(ScopeLayer? layer, string name)
    {
        for (; layer is not null; layer = layer.Parent)
        {
            if (layer.Kind == ScopeKind.Loop)
            {
                if (layer.LoopName == name)
                    return true;
            }
            else if (layer.Kind != ScopeKind.Function && layer.Store is { } store && store.Contains(name))
            {
                return true;
            }
        }
        return false;
    }

    private void Store(TemplateObject store, string name, object? value, TextSpan span)
    {
        if (store.IsReadonly(name))
            throw context.Fail(TemplateDiagnostics.ReadonlyVariable(context.SpanOf(span), name));
        EnsureOwn(store, name, span);
        store.Set(name, value);
    }

    /// <summary>What other renders read as well cannot be changed by this one.</summary>
    private void EnsureOwn(TemplateObject store, string name, TextSpan span)
    {
        if (store.IsShared && !context.Options.IsLenient)
            throw context.Fail(TemplateDiagnostics.ReadonlyVariable(context.SpanOf(span), name));
    }

    /// <summary>All members of an object become names; those that are read-only stay what they are.</summary>
    public void Import(TemplateObject source, TextSpan span)
    {
        var target = CurrentObject();
        foreach (var (name, member) in source.ToArray())
        {
            if (!target.IsReadonly(name))
                Store(target, name, member, span);
        }
    }

    public bool TryGetLocal(string name, out object? value)
    {
        for (var frame = context.Frame; frame is not null; frame = frame.OuterLocals)
        {
            if (frame.Locals is { } locals && locals.TryGetValue(name, out value))
                return true;
            // `$name` also reads a named argument
            if (frame.Arguments?.Members is { } members && members.TryGet(name, out value))
                return true;
        }
        value = null;
        return false;
    }

    public void SetLocal(string name, object? value, TextSpan span)
    {
        var frame = context.Frame;
        if (frame.ReadonlyLocals?.Contains(name) == true)
            throw context.Fail(TemplateDiagnostics.ReadonlyVariable(context.SpanOf(span), "$" + name));
        (frame.Locals ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;
    }

    public void MakeReadonly(Expression target)
    {
        if (target is LocalExpression local)
            (context.Frame.ReadonlyLocals ??= new HashSet<string>(StringComparer.Ordinal)).Add(local.Name);
        else if (target is VariableExpression variable)
        {
            var store = CurrentObject();
            EnsureOwn(store, variable.Name, variable.Span);
            store.MakeReadonly(variable.Name);
        }
    }
}
