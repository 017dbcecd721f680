using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>A unit test's <c>overrides:</c>.</summary>
internal sealed record UnitTestOverridesDeclaration(SourceSpan Span)
{
    public YamlNode? Macros { get; init; }

    public ImmutableSortedDictionary<string, object?> Vars { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableSortedDictionary<string, string> EnvVars { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public bool? IsIncremental { get; init; }

    public YamlScalar? Now { get; init; }

    public YamlScalar? RunStartedAt { get; init; }

    public static readonly YamlObject<UnitTestOverridesDeclaration> Shape =
        new YamlObject<UnitTestOverridesDeclaration>(
            "overrides",
            "overrides",
            span => new UnitTestOverridesDeclaration(span)
        )
            .Optional(
                "macros",
                "What macros of the project print or return, by name; is_incremental counts as one.",
                YamlCollections.Any,
                (o, v) => o with { Macros = v }
            )
            .Optional("vars", "Values of vars.", YamlCollections.Data, (o, v) => o with { Vars = v })
            .Optional(
                "env_vars",
                "Values of environment variables.",
                YamlCollections.MapOf(YamlScalars.Text),
                (o, v) => o with { EnvVars = v }
            )
            .Optional(
                "is_incremental",
                "Whether the model's incremental rendering is run (default: false).",
                YamlScalars.Boolean,
                (o, v) => o with { IsIncremental = v }
            )
            .Optional(
                "now",
                "The instant that now(), current_date and the like return in SQL, and run_started_at in the template.",
                YamlScalars.Template,
                (o, v) => o with { Now = v }
            )
            .Optional(
                "run_started_at",
                "The instant that run_started_at returns, if it is not that of now.",
                YamlScalars.Template,
                (o, v) => o with { RunStartedAt = v }
            );
}
