namespace Strata.Runner.Quarantine;

/// <summary>What has become of a quarantined row, as its table says it.</summary>
public static class RowStatus
{
    /// <summary>Waits to be corrected, or for a rule or reference data to change.</summary>
    public const string Open = "open";

    /// <summary>Has entered its node after all.</summary>
    public const string Replayed = "replayed";

    /// <summary>Passed in the end, but a row of the same key that comes after it was published in between.</summary>
    public const string Superseded = "superseded";

    /// <summary>Nobody wants it.</summary>
    public const string Dropped = "dropped";
}
