namespace Strata.Runner.SourceFreshness;

/// <summary>When a source was last loaded, as far as it says.</summary>
/// <param name="At">Null: nothing was ever loaded, or nothing says when.</param>
/// <param name="What">What has that instant, or lacks one: <c>its newest row</c>, <c>its newest file (landing/a.csv)</c>.</param>
internal sealed record LoadedAt(LoadedAtBasis Basis, DateTimeOffset? At, string What)
{
    /// <summary>Why there is no instant: <c>it has no rows</c>.</summary>
    public string? WhyNone { get; init; }

    /// <summary>The value had no zone and is taken for UTC.</summary>
    public bool WasWithoutZone { get; init; }
}
