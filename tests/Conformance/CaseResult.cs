namespace Strata.Conformance;

/// <param name="Reason">Why the case failed, in a line; null where it passed.</param>
public sealed record CaseResult(string Id, string Category, string? Reason)
{
    public bool Passed => Reason is null;
}
