namespace Strata.Runner.SourceFreshness;

public enum FreshnessStatus
{
    Pass,
    Warn,

    /// <summary>Older than <c>error_after</c>.</summary>
    Error,

    /// <summary>The age could not be told.</summary>
    RuntimeError,
}
