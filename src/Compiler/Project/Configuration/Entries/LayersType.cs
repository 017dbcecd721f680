using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>The mapping of layers, whose order matters.</summary>
internal sealed class LayersType : YamlType<ImmutableArray<LayerDeclaration>>
{
    public static readonly LayersType Instance = new();

    private LayersType() { }

    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        out ImmutableArray<LayerDeclaration> value
    )
    {
        value = [];
        if (node is not YamlMapping { Entries.IsEmpty: false } mapping)
        {
            context.Diagnostics.Add(
                ProjectDiagnostics.WrongType(node.Span, name, "a mapping with at least one layer", node.Kind)
            );
            return false;
        }
        var layers = ImmutableArray.CreateBuilder<LayerDeclaration>(mapping.Entries.Length);
        foreach (var entry in mapping.Entries)
        {
            if (LayerDeclaration.Shape.TryBind(entry.Value, entry.Key.Text, context, out var layer))
                layers.Add(layer with { Name = entry.Key.Text, Span = entry.Key.Span });
        }
        value = layers.ToImmutable();
        return true;
    }

    public override void Describe(JsonSchemaWriter writer)
    {
        writer.Type("object");
        writer.Property("additionalProperties", LayerDeclaration.Shape);
    }
}
