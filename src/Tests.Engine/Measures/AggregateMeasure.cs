namespace Strata.Tests.Engine.Measures;

/// <summary>The relation as a whole passes or fails, by aggregates over its rows.</summary>
/// <param name="Passes">A boolean expression over aggregates; null counts as failed.</param>
/// <param name="Observed">The aggregate to report.</param>
public sealed record AggregateMeasure(string Passes, string Observed) : Measure
{
    /// <summary>Whether the aggregates can be computed in a scan that other checks share; sorting ones cannot.</summary>
    public bool JoinsScan { get; init; } = true;

    /// <summary>What the aggregate is held against, in words, where the arguments do not say it.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the note is worth reading also when the test passed.</summary>
    public bool IsRemark { get; init; }

    /// <summary>What later runs are to be held against, if this run decides that.</summary>
    public string? NewBaseline { get; init; }
}
