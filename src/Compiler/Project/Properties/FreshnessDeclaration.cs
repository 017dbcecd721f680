using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary><c>freshness:</c> of a source.</summary>
internal sealed record FreshnessDeclaration(SourceSpan Span)
{
    public FreshnessLimit? WarnAfter { get; init; }

    public FreshnessLimit? ErrorAfter { get; init; }

    public string? Filter { get; init; }

    /// <summary>It says <c>null</c>: nobody is to look at the age of this one.</summary>
    public bool IsOff { get; init; }

    public static readonly YamlObject<FreshnessDeclaration> Shape = new YamlObject<FreshnessDeclaration>(
        "freshness",
        "freshness",
        span => new FreshnessDeclaration(span)
    )
        .Optional("warn_after", "The age that warns.", LimitShape(), (f, v) => f with { WarnAfter = v })
        .Optional("error_after", "The age that fails.", LimitShape(), (f, v) => f with { ErrorAfter = v })
        .Optional(
            "filter",
            "A condition on the rows looked at.",
            YamlScalars.Text,
            (f, v) => f with { Filter = v }
        )
        .Shorthand(
            YamlNone.Instance,
            (f, node, _) => node is YamlScalar { IsNull: true } ? f with { IsOff = true } : null
        );

    /// <summary>What holds where one place adds to another: the limits of this one, then those of <paramref name="below"/>.</summary>
    public FreshnessDeclaration Over(FreshnessDeclaration? below) =>
        below is null || IsOff
            ? this
            : this with
            {
                WarnAfter = WarnAfter ?? below.WarnAfter,
                ErrorAfter = ErrorAfter ?? below.ErrorAfter,
                Filter = Filter ?? below.Filter,
            };

    private static YamlObject<FreshnessLimit> LimitShape() =>
        new YamlObject<FreshnessLimit>(
            "a freshness limit",
            "freshness_limit",
            _ => new FreshnessLimit(0, FreshnessPeriod.Day)
        )
            .Required("count", "How many periods.", YamlScalars.Positive, (l, v) => l with { Count = v })
            .Required(
                "period",
                "minute, hour or day.",
                ConfigWords.FreshnessPeriod,
                (l, v) => l with { Period = v }
            );
}
