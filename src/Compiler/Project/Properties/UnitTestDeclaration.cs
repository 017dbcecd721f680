using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of <c>unit_tests:</c>.</summary>
internal sealed record UnitTestDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public YamlScalar? Model { get; init; }

    public string Description { get; init; } = "";

    public ImmutableArray<UnitTestRowsDeclaration> Given { get; init; } = [];

    public UnitTestRowsDeclaration? Expect { get; init; }

    public UnitTestOverridesDeclaration? Overrides { get; init; }

    public double? Tolerance { get; init; }

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<UnitTestDeclaration> Shape = new YamlObject<UnitTestDeclaration>(
        "a unit test",
        "unit_test",
        span => new UnitTestDeclaration(span)
    )
        .Required("name", "The unit test's name.", YamlScalars.Template, (t, v) => t with { Name = v })
        .Required("model", "The model to run.", YamlScalars.Template, (t, v) => t with { Model = v })
        .Optional(
            "description",
            "What it shows.",
            YamlScalars.Template,
            (t, v) => t with { Description = v.Text }
        )
        .Optional(
            "given",
            "The rows of the relations that the model reads. A seed that is left out has the rows of its file, any other relation has none.",
            YamlCollections.ListOf(UnitTestRowsDeclaration.GivenShape),
            (t, v) => t with { Given = v }
        )
        .Required(
            "expect",
            "The rows that the model's query must return; columns that are not named are not compared.",
            UnitTestRowsDeclaration.ExpectShape,
            (t, v) => t with { Expect = v }
        )
        .Optional(
            "overrides",
            "What the model's template sees instead of the project's own macros, variables and times.",
            UnitTestOverridesDeclaration.Shape,
            (t, v) => t with { Overrides = v }
        )
        .Optional(
            "tolerance",
            "How far apart two numbers with a fraction may be, as a share of the larger one; by default 1e-9 for floats.",
            YamlScalars.Number,
            (t, v) => t with { Tolerance = v }
        )
        .Optional(
            "config",
            "Configuration.",
            SourceSettings.Block,
            (t, v) => t with { Config = v.Over(t.Config) }
        )
        .WithTopLevel(
            SourceSettings.Block,
            ["tags", "meta", "enabled"],
            (t, set) => t with { Config = set.Over(t.Config) }
        );
}
