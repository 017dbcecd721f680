using System.Collections.Immutable;
using Strata.Runner.Rollback;
using Strata.Runner.State;
using Strata.Runner.Versions;

namespace Strata.Runner.Runs;

/// <summary>What one connection remembers of its past, and what it could go back to.</summary>
/// <param name="Runs">Oldest first.</param>
/// <param name="Nodes">Where nodes stand now.</param>
/// <param name="Moves">The feeds whose epoch continues another since a rollback.</param>
public sealed record ConnectionHistory(
    string Connection,
    ImmutableArray<RunRecord> Runs,
    ImmutableArray<LedgerEvent> Events,
    ImmutableArray<RunFailure> Failures,
    ImmutableArray<KeptVersion> Kept,
    ImmutableDictionary<string, NodeState> Nodes,
    ImmutableArray<EpochMove> Moves
)
{
    /// <summary>What nodes have been published as, as far as it is noted.</summary>
    public ImmutableArray<OwnedRelation> Owned { get; init; } = [];

    public static ConnectionHistory Empty(string connection) =>
        new(connection, [], [], [], [], ImmutableDictionary<string, NodeState>.Empty, []);

    public RunRecord? Find(string runId) => Runs.FirstOrDefault(run => run.RunId == runId);

    /// <summary>The place of a run in this connection's order, also of one that only worked on others.</summary>
    public long PlaceOf(RunRecord run) =>
        Find(run.RunId)?.Seq
        ?? Runs.Where(other => other.StartedAt < run.StartedAt)
            .Select(other => other.Seq)
            .DefaultIfEmpty(long.MinValue)
            .Max();
}
