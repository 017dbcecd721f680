using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Profiles;

/// <summary>profiles.yml: targets, each with its connections by name.</summary>
internal sealed record ProfilesFile(SourceSpan Span)
{
    public YamlScalar? Default { get; init; }

    public YamlMapping? Targets { get; init; }

    public static readonly YamlObject<ProfilesFile> Shape = new YamlObject<ProfilesFile>(
        "profiles.yml",
        "profiles",
        span => new ProfilesFile(span)
    )
        .Optional(
            "default",
            "The target that is used when none is named.",
            YamlScalars.Template,
            (p, v) => p with { Default = v }
        )
        .OptionalEntry(
            "targets",
            "Targets by name.",
            new TargetsSchema(),
            (p, entry, context) => entry.Value is YamlMapping mapping ? p with { Targets = mapping } : p
        );

    private sealed class TargetsSchema : IYamlSchema
    {
        public void Describe(JsonSchemaWriter writer)
        {
            writer.Type("object");
            writer.Property(
                "additionalProperties",
                new TargetSchema(),
                "The connections of a target by name."
            );
        }
    }

    private sealed class TargetSchema : IYamlSchema
    {
        public void Describe(JsonSchemaWriter writer)
        {
            writer.Type("object");
            writer.Property("additionalProperties", ConnectionDeclaration.Schema);
        }
    }
}
