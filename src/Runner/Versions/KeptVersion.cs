using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.State;

namespace Strata.Runner.Versions;

/// <summary>One publish that can be undone: what it replaced, and where the node stood before.</summary>
/// <param name="BatchId">The batch that was published.</param>
/// <param name="RunId">The run that published it.</param>
/// <param name="Relation">What it was published as.</param>
/// <param name="Table">Where the old rows, or the changes, are.</param>
/// <param name="Definition">Of a view that was there: what follows <c>create</c>.</param>
/// <param name="Before">The node's state before; null when it had none.</param>
/// <param name="EpochBefore">The epoch of its change feed before.</param>
/// <param name="HasPositions">Whether its feed positions were kept, because the publish moved them.</param>
public sealed record KeptVersion(
    string Node,
    long BatchId,
    string RunId,
    KeptKind Kind,
    RelationName Relation,
    RelationName? Table,
    string? Definition,
    NodeState? Before,
    string? EpochBefore,
    bool HasPositions
)
{
    /// <summary>Whether the relation of <see cref="Before"/> was noted; else it is taken to be the one that was published.</summary>
    public bool KnowsHome { get; init; }

    /// <summary>
    /// Where the rows of its quarantine are, as they were before; <see cref="NoQuarantine"/> when there was none, null when the
    /// publish did not touch it.
    /// </summary>
    public string? Quarantine { get; init; }

    /// <summary>
    /// The columns that tell the rows of <see cref="Table"/> apart, where those that came are not kept as a whole; empty where all
    /// columns do.
    /// </summary>
    public ImmutableArray<string> Identity { get; init; } = [];

    /// <summary>What it replaced of the node's hidden tables.</summary>
    public ImmutableArray<KeptPart> Parts { get; init; } = [];

    public const string NoQuarantine = "";
}
