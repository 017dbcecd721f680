using System.Collections.Immutable;

namespace Strata.Tests.Engine.Memory;

/// <summary>What earlier runs left behind of a test: the baseline that they took, and what they observed.</summary>
public sealed record CheckMemory
{
    /// <summary>Of a test that never ran.</summary>
    public static readonly CheckMemory None = new();

    /// <summary>What is compared with; null when none was taken yet, or when it is to be taken anew.</summary>
    public CheckBaseline? Baseline { get; init; }

    /// <summary>The observations of the runs in which the test passed, newest first; never the run that is under way.</summary>
    public ImmutableArray<PastMeasure> History { get; init; } = [];

    /// <summary>Whether what is there now is to be the new normal, whatever was before.</summary>
    public bool StartsOver { get; init; }
}
