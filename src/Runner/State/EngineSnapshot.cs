using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;
using Strata.Runner.Microbatches;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State;

/// <summary>What is on one connection when a plan is made: relations and Strata's own state.</summary>
public sealed record EngineSnapshot
{
    public required string Connection { get; init; }

    /// <summary>The relations of the schemas that the project uses here.</summary>
    public required ImmutableDictionary<RelationName, RelationInfo> Relations { get; init; }

    public required ImmutableDictionary<string, NodeState> Nodes { get; init; }

    /// <summary>By consumer and source, the files that were taken in: one for each path.</summary>
    public required ILookup<(string Consumer, string Source), ConsumedFile> Files { get; init; }

    /// <summary>By consumer, contents that lie elsewhere since, and under whose former paths another note is in <see cref="Files"/>.</summary>
    public ILookup<string, ConsumedFile> FormerFiles { get; init; } =
        Array.Empty<ConsumedFile>().ToLookup(file => file.Consumer);

    /// <summary>By consumer and source, the columns of the files that were taken in last.</summary>
    public ImmutableDictionary<(string Consumer, string Source), LandedColumns> LandedColumns { get; init; } =
        ImmutableDictionary<(string, string), LandedColumns>.Empty;

    /// <summary>By producer.</summary>
    public required ImmutableDictionary<string, FeedState> Feeds { get; init; }

    /// <summary>By consumer and upstream.</summary>
    public required ImmutableDictionary<
        (string Consumer, string Upstream),
        FeedPosition
    > Consumed { get; init; }

    /// <summary>By upstream, the earliest position, in whatever epoch, to which a rollback can bring a reader back.</summary>
    public ImmutableDictionary<string, long> KeptPositions { get; init; } =
        ImmutableDictionary<string, long>.Empty;

    /// <summary>By microbatch model.</summary>
    public required ILookup<string, BatchRecord> Batches { get; init; }

    /// <summary>What is known of the batches of a model that are of one size, by where they begin.</summary>
    public ILookup<DateTimeOffset?, BatchRecord> BatchesOf(string model, BatchSize size) =>
        Batches[model].Where(batch => batch.Size == size).ToLookup(batch => batch.Start);

    /// <summary>By microbatch model, what has arrived in its inputs and is not in the model yet.</summary>
    public ImmutableDictionary<string, Arrivals> Arrivals { get; init; } =
        ImmutableDictionary<string, Arrivals>.Empty;

    /// <summary>By node and name, what Strata has made here.</summary>
    public ImmutableDictionary<(string Node, RelationName Relation), OwnedRelation> Owned { get; init; } =
        ImmutableDictionary<(string, RelationName), OwnedRelation>.Empty;

    /// <summary>By relation, the node that was published as it last, as far as the state remembers.</summary>
    public ImmutableDictionary<RelationName, string> Holders { get; init; } =
        ImmutableDictionary<RelationName, string>.Empty;

    /// <summary>By node, a state that is not believed, because the node is published elsewhere: numbers of batches go on from there.</summary>
    public ImmutableDictionary<string, NodeState> Left { get; init; } =
        ImmutableDictionary<string, NodeState>.Empty;

    /// <summary>The schemas of stages, which belong to the run that is under way, or to one that died.</summary>
    public ImmutableArray<string> StageSchemas { get; init; } = [];

    /// <summary>The version of the state's tables; 0 when there are none.</summary>
    public required long StateVersion { get; init; }

    public RelationInfo? Find(RelationName name) => Relations.GetValueOrDefault(name);

    /// <summary>The state of a node, whether it is believed or not.</summary>
    internal NodeState? FindState(string nodeId) =>
        Nodes.GetValueOrDefault(nodeId) ?? Left.GetValueOrDefault(nodeId);

    /// <summary>
    /// The relation that a node leaves behind when it is published as another one; null where it stays, or where its relation was renamed
    /// by hand and its rows came along.
    /// </summary>
    internal RelationName? FindLeft(string nodeId, RelationName next) =>
        FindState(nodeId)?.Relation is { Schema.Length: > 0 } was
        && !Relations.KeyComparer.Equals(was, next)
        && !(Nodes.ContainsKey(nodeId) && Find(next) is not null)
            ? was
            : null;

    /// <summary>As whose the files are noted that the node which has left a relation had taken in. No node has such a name.</summary>
    internal string NoteOfLeft(RelationName relation)
    {
        // as the relation is written where it stands, whatever the case of its name
        var name = Relations.TryGetKey(relation, out var known) ? known : relation;
        return $"/{name}";
    }
}
