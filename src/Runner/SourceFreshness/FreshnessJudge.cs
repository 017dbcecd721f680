using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.SourceFreshness;

/// <summary>
/// Holds the age of a source against its limits, the one that fails before the one that warns. What was never loaded
/// is older than every limit. What lies in the future is no older than any, but warns: a clock or a zone is wrong, and
/// the age with it.
/// </summary>
internal static class FreshnessJudge
{
    /// <summary>The clocks of two machines differ by less.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    public static FreshnessResult Judge(
        SourceNode source,
        FreshnessConfig freshness,
        LoadedAt loaded,
        DateTimeOffset now
    )
    {
        var result = new FreshnessResult
        {
            Source = source,
            Freshness = freshness,
            Status = FreshnessStatus.Pass,
            Basis = loaded.Basis,
            LoadedAt = loaded.At,
            WasWithoutZone = loaded.WasWithoutZone,
            LookedAt = now,
        };
        if (IsOlder(result.Age, freshness.ErrorAfter) is { } error)
            return Stale(result, loaded, FreshnessStatus.Error, error);
        if (IsOlder(result.Age, freshness.WarnAfter) is { } warn)
            return Stale(result, loaded, FreshnessStatus.Warn, warn);
        if (result.Age is not { } age || age >= -ClockDifference)
            return result;
        var hint = loaded.WasWithoutZone
            ? "add the time zone to loaded_at_field, such as \"loaded_at at time zone 'Europe/Berlin'\": a value without a zone is taken for UTC"
            : null;
        return result with
        {
            Status = FreshnessStatus.Warn,
            Diagnostic = FreshnessDiagnostics.InTheFuture(
                freshness.Declaration,
                result.Name,
                $"{loaded.What} is {FreshnessWords.Age(-age)} ahead",
                hint
            ),
        };
    }

    // no age at all is more than any limit
    private static FreshnessLimit? IsOlder(TimeSpan? age, FreshnessLimit? limit) =>
        limit is not null && !(age <= limit.Length) ? limit : null;

    private static FreshnessResult Stale(
        FreshnessResult result,
        LoadedAt loaded,
        FreshnessStatus status,
        FreshnessLimit limit
    ) =>
        result with
        {
            Status = status,
            Diagnostic = FreshnessDiagnostics.Stale(
                status == FreshnessStatus.Error ? Severity.Error : Severity.Warning,
                result.Freshness.Declaration,
                result.Name,
                result.Age is { } age
                    ? $"{loaded.What} is {FreshnessWords.Age(age)} old"
                    : loaded.WhyNone ?? "it was never loaded",
                limit
            ),
        };
}
