using System.Collections.Immutable;
using Strata.Runner.Runs;

namespace Strata.Runner.Rollback;

/// <summary>What a rollback would do, or does.</summary>
/// <param name="Connections">Those that hold what others read come first.</param>
/// <param name="Problems">Why it is not possible, one line each; empty when it is.</param>
public sealed record RollbackPlan(
    RunRecord To,
    ImmutableArray<ConnectionRollback> Connections,
    ImmutableArray<string> Problems
)
{
    public bool IsEmpty => Connections.All(connection => connection.Nodes.IsEmpty);
}

/// <param name="ToPlace">The place of the run in the connection's order of runs.</param>
/// <param name="Nodes">What goes back there, in one transaction.</param>
public sealed record ConnectionRollback(string Connection, long ToPlace, ImmutableArray<NodeRollback> Nodes);
