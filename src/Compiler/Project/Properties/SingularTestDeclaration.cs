using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>What YAML says about a test that is a SQL file.</summary>
internal sealed record SingularTestDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<SingularTestDeclaration> Shape =
        new YamlObject<SingularTestDeclaration>(
            "a test",
            "singular_test",
            span => new SingularTestDeclaration(span)
        )
            .Required(
                "name",
                "The name of the file, without its ending.",
                YamlScalars.Template,
                (t, v) => t with { Name = v }
            )
            .Optional(
                "description",
                "What a row of it means.",
                YamlScalars.Template,
                (t, v) => t with { Description = v.Text }
            )
            .Optional(
                "config",
                "Configuration.",
                TestSettings.Block,
                (t, v) => t with { Config = v.Over(t.Config) }
            );
}
