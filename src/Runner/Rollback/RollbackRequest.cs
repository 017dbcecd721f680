using System.Collections.Immutable;
using Strata.Runner.Planning;

namespace Strata.Runner.Rollback;

/// <summary>What is to go back, and to where.</summary>
/// <param name="Run">Manifest, adapters, clock and instant of the rollback; its selection and command play no part.</param>
/// <param name="To">A run id or the beginning of one, <see cref="Previous"/> or <see cref="LastSuccess"/>.</param>
/// <param name="Nodes">Unique ids of the nodes that go back; null for all that the connections hold.</param>
public sealed record RollbackRequest(RunRequest Run, string To, ImmutableHashSet<string>? Nodes)
{
    /// <summary>The last run before the one whose publishes are seen now.</summary>
    public const string Previous = "previous";

    /// <summary>The last run before that one which succeeded on every connection.</summary>
    public const string LastSuccess = "last-success";

    /// <summary>Only say what would go back.</summary>
    public bool DryRun { get; init; }
}
