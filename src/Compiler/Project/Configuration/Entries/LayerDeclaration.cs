using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>An entry of <c>layers:</c> in strata.yml.</summary>
internal sealed record LayerDeclaration(SourceSpan Span)
{
    public string Name { get; init; } = "";

    public YamlScalar? Engine { get; init; }

    public string? Schema { get; init; }

    public string? Folder { get; init; }

    public RetentionConfig? Retention { get; init; }

    /// <summary>The remaining keys: defaults for the layer's models.</summary>
    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<LayerDeclaration> Shape = new YamlObject<LayerDeclaration>(
        "a layer",
        "layer",
        span => new LayerDeclaration(span)
    )
        .Required(
            "engine",
            "The connection of the target that holds the layer.",
            YamlScalars.Template,
            (l, v) => l with { Engine = v }
        )
        .Optional(
            "schema",
            "Where its relations live; the layer's name by default.",
            YamlScalars.Text,
            (l, v) => l with { Schema = v }
        )
        .Optional(
            "folder",
            "Where its models are; models/<layer> by default.",
            YamlScalars.Text,
            (l, v) => l with { Folder = v }
        )
        .Optional(
            "retention",
            "How long old versions of its relations are kept; as the project says by default.",
            RetentionShape.Shape,
            (l, v) => l with { Retention = v }
        )
        .WithTopLevel(
            ModelConfigShape.Block,
            ModelConfigShape.Block.Shape.KeyNames.Except(["engine", "schema", "alias"]),
            (l, set) => l with { Config = set.Over(l.Config) }
        );
}
