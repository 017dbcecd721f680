using System.Collections.Immutable;

namespace Strata.Runner.Scheduling;

/// <summary>One unit of work: it starts when everything it depends on has ended, however that went.</summary>
/// <param name="Connection">Whose limit it counts against; null for work that waits for nothing but its turn.</param>
/// <param name="Duration">How long it is expected to take, for the critical path.</param>
public sealed record WorkItem(
    string Id,
    string? Connection,
    ImmutableArray<string> DependsOn,
    TimeSpan Duration
);
