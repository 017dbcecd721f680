using System.Collections.Immutable;

namespace Strata.Tests.Engine.Planning;

/// <summary>The statements that measure all tests of a request, and the tests that cannot be measured.</summary>
public sealed record CheckPlan(ImmutableArray<CheckQuery> Queries, ImmutableArray<RejectedCheck> Rejected)
{
    /// <summary>Tests that take several steps, and perhaps two engines; see <see cref="PlannedCheck.Reconcile"/>.</summary>
    public ImmutableArray<PlannedCheck> Reconciliations { get; init; } = [];
}
