using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Sources;

/// <summary>How old the newest row of a source may be (<c>freshness:</c>); at least one of the limits is there.</summary>
/// <param name="Declaration">Where it is written.</param>
public sealed record FreshnessConfig(
    FreshnessLimit? WarnAfter,
    FreshnessLimit? ErrorAfter,
    SourceSpan Declaration
)
{
    /// <summary>A SQL expression over the source's row that gives the instant it was loaded.</summary>
    public string? LoadedAt { get; init; }

    /// <summary>A query that gives that of the newest row, in place of <see cref="LoadedAt"/>.</summary>
    public string? LoadedAtQuery { get; init; }

    /// <summary>A boolean SQL expression that limits the rows looked at.</summary>
    public string? Filter { get; init; }
}
