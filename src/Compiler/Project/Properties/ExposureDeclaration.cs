using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of <c>exposures:</c>.</summary>
internal sealed record ExposureDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? Owner { get; init; }

    public string? Url { get; init; }

    public ImmutableArray<YamlScalar> DependsOn { get; init; } = [];

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<ExposureDeclaration> Shape = new YamlObject<ExposureDeclaration>(
        "an exposure",
        "exposure",
        span => new ExposureDeclaration(span)
    )
        .Required("name", "The exposure's name.", YamlScalars.Template, (e, v) => e with { Name = v })
        .Optional("label", "The name that people know it by.", YamlScalars.Text, (e, _) => e)
        .Required(
            "type",
            "What it is.",
            YamlScalars.OneOf(
                ("dashboard", "dashboard"),
                ("notebook", "notebook"),
                ("analysis", "analysis"),
                ("ml", "ml"),
                ("application", "application")
            ),
            (e, v) => e with { Kind = v }
        )
        .Required(
            "owner",
            "Who answers for it.",
            new YamlObject<OwnerDeclaration>("an owner", "owner", _ => new OwnerDeclaration(null, null))
                .Optional("name", "A person or a team.", YamlScalars.Text, (o, v) => o with { Name = v })
                .Optional("email", "Where to write to.", YamlScalars.Text, (o, v) => o with { Email = v }),
            (e, v) => e with { Owner = v.Name ?? v.Email }
        )
        .Optional("url", "Where to find it.", YamlScalars.Text, (e, v) => e with { Url = v })
        .Optional(
            "description",
            "What it is for.",
            YamlScalars.Template,
            (e, v) => e with { Description = v.Text }
        )
        .Optional(
            "maturity",
            "How much to rely on it.",
            YamlScalars.OneOf(("high", 3), ("medium", 2), ("low", 1)),
            (e, _) => e
        )
        .Optional(
            "depends_on",
            "What it reads: ref('model') or source('source', 'table').",
            YamlCollections.ListOf(YamlScalars.Template),
            (e, v) => e with { DependsOn = v }
        )
        .Optional(
            "config",
            "Configuration.",
            SourceSettings.Block,
            (e, v) => e with { Config = v.Over(e.Config) }
        )
        .WithTopLevel(
            SourceSettings.Block,
            ["tags", "meta"],
            (e, set) => e with { Config = set.Over(e.Config) }
        );

    private sealed record OwnerDeclaration(string? Name, string? Email);
}
