using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.SourceFreshness;

/// <summary>How fresh one source was found to be.</summary>
public sealed record FreshnessResult
{
    public required SourceNode Source { get; init; }

    public required FreshnessConfig Freshness { get; init; }

    public required FreshnessStatus Status { get; init; }

    public required LoadedAtBasis Basis { get; init; }

    /// <summary>Null when nothing was ever loaded, or when it could not be told.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>The value had no zone and was taken for UTC.</summary>
    public bool WasWithoutZone { get; init; }

    /// <summary>The instant that the age is counted to: when the engine had answered.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>Below zero for an instant in the future.</summary>
    public TimeSpan? Age => LookedAt - LoadedAt;

    public TimeSpan Duration { get; init; }

    /// <summary>Why it did not pass, or what is odd about it; null when there is nothing to say.</summary>
    public Diagnostic? Diagnostic { get; init; }

    /// <summary>As dbt names a source: <c>landing.orders</c>.</summary>
    public string Name => $"{Source.SourceName}.{Source.Name}";

    /// <summary>The id of its results in the history of tests.</summary>
    public string HistoryId => HistoryIdOf(Source);

    public static string HistoryIdOf(SourceNode source) => $"freshness.{source.UniqueId}";
}
