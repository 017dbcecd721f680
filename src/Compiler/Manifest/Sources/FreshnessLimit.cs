namespace Strata.Compiler.Manifest.Sources;

/// <summary>An age, as it is written: <c>{count: 6, period: hour}</c>.</summary>
public sealed record FreshnessLimit(int Count, FreshnessPeriod Period)
{
    public TimeSpan Length =>
        Period switch
        {
            FreshnessPeriod.Minute => TimeSpan.FromMinutes(Count),
            FreshnessPeriod.Hour => TimeSpan.FromHours(Count),
            _ => TimeSpan.FromDays(Count),
        };

    /// <summary><c>1 hour</c>, <c>6 hours</c></summary>
    public override string ToString() =>
        $"{Count} {Period.ToString().ToLowerInvariant()}{(Count == 1 ? "" : "s")}";
}
