using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Sql;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>What <c>ref</c>, <c>source</c>, <c>this</c> and <c>changes</c> give to a template.</summary>
internal sealed class RelationValue : TemplateObject
{
    private readonly RenderState _state;
    private readonly string _text;

    public RelationValue(RenderState state, string text, RelationName relation)
    {
        _state = state;
        _text = text;
        base.Set("schema", relation.Schema);
        base.Set("name", relation.Name);
        base.Set("identifier", relation.Name);
    }

    /// <summary>Printed, it is the relation's name as the reader must write it.</summary>
    public override string? Text => _text;

    public override string? HintFor(string missing) =>
        missing == "database" ? JinjaNames.NoRelationParts : null;

    public override bool TryGet(string name, [MaybeNullWhen(false)] out object? value)
    {
        _state.HasReadPlaces = true;
        return base.TryGet(name, out value);
    }
}
