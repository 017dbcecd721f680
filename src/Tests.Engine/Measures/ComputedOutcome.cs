namespace Strata.Tests.Engine.Measures;

/// <param name="Observed">The statistic, for people; null when there is none.</param>
public sealed record ComputedOutcome(bool Passes, string? Observed)
{
    /// <summary>What else there is to say, behind the statistic: what it was held against, what moved.</summary>
    public string? Note { get; init; }

    /// <summary>The same without values of the column, where these are nobody's business.</summary>
    public string? MaskedNote { get; init; }

    /// <summary>What later runs are to be held against, if this run decides that.</summary>
    public string? NewBaseline { get; init; }

    /// <summary>Whether the note is worth reading also when the test passed.</summary>
    public bool IsRemark { get; init; }
}
