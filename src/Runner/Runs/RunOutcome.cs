namespace Strata.Runner.Runs;

/// <summary>How a run ended, in the words of its record.</summary>
public static class RunOutcome
{
    /// <summary>It has not ended yet; of a run that is not the latest one this becomes <see cref="Died"/>.</summary>
    public const string Running = "running";

    /// <summary>It has never said how it ended.</summary>
    public const string Died = "died";

    public const string Succeeded = "succeeded";

    public const string Failed = "failed";

    /// <summary>By Ctrl-C, or because it has lost its lock.</summary>
    public const string Cancelled = "cancelled";
}
