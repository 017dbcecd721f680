using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Files;
using Strata.Runner.Planning;

namespace Strata.Runner.Results;

public sealed record RunResult
{
    public required RunPlan Plan { get; init; }

    /// <summary>One for each planned node, in the plan's order.</summary>
    public required ImmutableArray<NodeResult> Nodes { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What went wrong outside any node: a lock, a connection, a publish group.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Landed files that could not be read before this run, and that it has not tried again.</summary>
    public ImmutableArray<UnreadFiles> UnreadFiles { get; init; } = [];

    public bool WasCancelled { get; init; }

    /// <summary>No plan was made or nothing of it was begun: the diagnostics say why.</summary>
    public bool CouldNotStart { get; init; }

    /// <summary>An engine let go of the run's lock, so the run stopped where it was.</summary>
    public bool LostItsLock { get; init; }

    /// <summary>Whether every node and test ended well (warnings allowed).</summary>
    public bool IsSuccess =>
        !WasCancelled
        && Diagnostics.All(d => !d.IsError)
        && Nodes.All(n => n.Outcome is Outcome.Succeeded or Outcome.Fresh or Outcome.Warned);
}
