using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Properties;

/// <summary><c>freshness:</c> of a source.</summary>
internal sealed record FreshnessDeclaration
{
    public FreshnessLimit? WarnAfter { get; init; }

    public FreshnessLimit? ErrorAfter { get; init; }

    public string? Filter { get; init; }

    public static readonly YamlObject<FreshnessDeclaration> Shape = new YamlObject<FreshnessDeclaration>(
        "freshness",
        "freshness",
        _ => new FreshnessDeclaration()
    )
        .Optional("warn_after", "The age that warns.", LimitShape(), (f, v) => f with { WarnAfter = v })
        .Optional("error_after", "The age that fails.", LimitShape(), (f, v) => f with { ErrorAfter = v })
        .Optional(
            "filter",
            "A condition on the rows looked at.",
            YamlScalars.Text,
            (f, v) => f with { Filter = v }
        );

    private static YamlObject<FreshnessLimit> LimitShape() =>
        new YamlObject<FreshnessLimit>(
            "a freshness limit",
            "freshness_limit",
            _ => new FreshnessLimit(0, FreshnessPeriod.Day)
        )
            .Required("count", "How many periods.", YamlScalars.Integer, (l, v) => l with { Count = (int)v })
            .Required(
                "period",
                "minute, hour or day.",
                ConfigWords.FreshnessPeriod,
                (l, v) => l with { Period = v }
            );
}
