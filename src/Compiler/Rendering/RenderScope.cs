using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering;

/// <summary>Puts together what a template finds when it is rendered for a node.</summary>
internal static class RenderScope
{
    /// <summary>The state of the render that a function is called in.</summary>
    public static RenderState StateOf(TemplateCallContext call) =>
        call.Scope.Get<RenderState>()
        ?? throw new InvalidOperationException($"'{call.Function.Name}' was called outside a node's render");

    /// <summary>What a unit test overrides in the render that a function is called in, if it is called in one.</summary>
    public static RenderOverrides OverridesOf(TemplateCallContext call) =>
        call.Scope.Get<RenderState>()?.Binding.Overrides ?? RenderOverrides.None;

    /// <summary>The scope of one render, on top of what all renders share.</summary>
    public static TemplateScope For(RenderState state, TemplateScope shared, TargetValues target)
    {
        var binding = state.Binding;
        var place = binding.Place;
        var values = new List<KeyValuePair<string, object?>>
        {
            new("target", target.For(binding)),
            new("engine", place.Connection),
            new("dialect", place.Dialect.Name),
        };
        if (binding.NodeId is { } id)
        {
            values.Add(new("this", TemplateFunction.Create("this", [], This)));
            values.Add(new("model", ModelOf(binding, id)));
        }
        values.AddRange(binding.Overrides.MacroFunctions);
        values.AddRange(binding.Values);
        if (binding.MoreValues is { } more)
            values.AddRange(more(state));
        return TemplateScope
            .Create(values, shared)
            .With(state)
            .With<ISqlQuoting>(new DialectQuoting(place.Dialect));
    }

    private static object This(TemplateCallContext call)
    {
        var state = StateOf(call);
        return state.AddRelation(ReferenceKind.This, state.Binding.NodeId, call.Origin);
    }

    private static TemplateObject ModelOf(NodeBinding binding, string id) =>
        new([
            new("name", binding.Name),
            new("unique_id", id),
            new("layer", binding.Layer),
            new("schema", binding.Place.Relation.Schema),
            new("alias", binding.Place.Relation.Name),
        ]);
}
