namespace Strata.Compiler.Manifest;

/// <summary>How old the newest row of a source may be (<c>freshness:</c>).</summary>
/// <param name="LoadedAt">A SQL expression over the source's row that gives the instant it was loaded.</param>
/// <param name="Filter">A boolean SQL expression that limits the rows looked at.</param>
public sealed record FreshnessConfig(
    FreshnessLimit? WarnAfter,
    FreshnessLimit? ErrorAfter,
    string? LoadedAt,
    string? Filter
);

public sealed record FreshnessLimit(int Count, FreshnessPeriod Period)
{
    public TimeSpan Length =>
        Period switch
        {
            FreshnessPeriod.Minute => TimeSpan.FromMinutes(Count),
            FreshnessPeriod.Hour => TimeSpan.FromHours(Count),
            _ => TimeSpan.FromDays(Count),
        };
}

public enum FreshnessPeriod
{
    Minute,
    Hour,
    Day,
}
