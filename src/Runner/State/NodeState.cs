using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;

namespace Strata.Runner.State;

/// <summary>What a connection's state knows of one node (or test, or transfer): its last good end.</summary>
public sealed record NodeState
{
    public required string NodeId { get; init; }

    public required string RunId { get; init; }

    /// <summary>Counts the node's publishes; 1 is the first.</summary>
    public required long BatchId { get; init; }

    /// <summary>The definition that was published.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The <see cref="Fingerprint"/> as it was written down, where the same definition has another one now: versions go by it.</summary>
    public string? Published { get; init; }

    /// <summary>
    /// Moves exactly when the rows may have changed: the run that last changed them. Not used for views, whose
    /// version follows from what they read (see <see cref="NodeVersions"/>).
    /// </summary>
    public required string Version { get; init; }

    /// <summary>The versions of the inputs that were read, by node id.</summary>
    public required ImmutableSortedDictionary<string, string> Inputs { get; init; }

    /// <summary>What was published as what; null for what has no relation, and where it was not noted.</summary>
    public RelationName? Relation { get; init; }

    /// <summary>How a model was materialized; null for nodes that are not models, and where it was not noted.</summary>
    public Materialization? Materialized { get; init; }

    /// <summary>Columns by which no two rows of the relation are the same; empty where none are known, null where that was not noted.</summary>
    public ImmutableArray<string>? Key { get; init; }

    /// <summary>Rows of the relation after publishing, where known.</summary>
    public long? Rows { get; init; }

    /// <summary>How long the node took, for the critical path of the next run.</summary>
    public TimeSpan Duration { get; init; }
}
