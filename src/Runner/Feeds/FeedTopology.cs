using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;

namespace Strata.Runner.Feeds;

/// <summary>
/// Who reads whose changes. A producer keeps a change feed only if somebody does: incremental models through
/// <c>changes</c>, microbatch models to learn which periods got rows, and transfers, which ship changes instead of everything.
/// </summary>
public sealed class FeedTopology
{
    private readonly ILookup<string, (string Consumer, string Connection)> _consumers;
    private readonly HashSet<string> _divided = [];
    private readonly HashSet<string> _folded = [];

    public FeedTopology(ProjectManifest manifest)
    {
        var pairs = new HashSet<(string Producer, string Consumer, string Connection)>();
        foreach (var node in manifest.Nodes.Values)
        {
            foreach (var (producer, changes) in Reads(manifest, node))
            {
                var connection = ConnectionOf(node);
                var upstream = producer.UniqueId;
                if (producer.Connection != connection)
                {
                    var transfer = Transfer.IdOf(manifest.ProjectName, producer, connection);
                    if (HasFeed(producer))
                        pairs.Add((upstream, transfer, connection));
                    upstream = transfer;
                }
                if (!changes || node is not ModelNode model)
                    continue;
                pairs.Add((upstream, model.UniqueId, connection));
                if (model.Config.Microbatch is not null)
                    _divided.Add(upstream);
                // a microbatch model that only follows its input asks for periods
                if (ChangesReadBy(model).Contains(producer.UniqueId))
                    _folded.Add(upstream);
            }
        }
        _consumers = pairs.ToLookup(pair => pair.Producer, pair => (pair.Consumer, pair.Connection));
    }

    /// <summary>Those that read the changes of a node or a transfer, with the connection that keeps their position.</summary>
    public IEnumerable<(string Consumer, string Connection)> ConsumersOf(string producerId) =>
        _consumers[producerId];

    public bool IsRead(string producerId) => _consumers[producerId].Any();

    /// <summary>
    /// Whether a reader must know which periods the changes fall in, those that rows have left included
    /// (<see cref="FeedTables.Moved"/>).
    /// </summary>
    public bool IsDivided(string producerId) => _divided.Contains(producerId);

    /// <summary>
    /// Whether a model reads the changes themselves and may take those of a key in the order of their batches: a row that moves must leave
    /// its old place in the batch in which it comes to the new one.
    /// </summary>
    public bool IsFolded(string producerId) => _folded.Contains(producerId);

    /// <summary>Only what grows batch by batch has changes to speak of.</summary>
    public static bool HasFeed(RelationNode node) =>
        node
            is ModelNode
            {
                Config.Materialized: Materialization.Incremental
                    or Materialization.Cdc
                    or Materialization.Snapshot
            };

    /// <summary>The nodes whose changes a model's incremental SQL reads.</summary>
    public static IEnumerable<string> ChangesReadBy(ModelNode model) =>
        (model.Incremental?.Reads ?? [])
            .Where(reference => reference.Kind == ReferenceKind.Changes)
            .Select(reference => reference.NodeId)
            .Distinct();

    private static IEnumerable<(RelationNode Producer, bool Changes)> Reads(
        ProjectManifest manifest,
        Node node
    )
    {
        var changes = node is ModelNode model
            ? ChangesReadBy(model)
                .Concat(DividedInputs.Followed(manifest, model).Select(input => input.UniqueId))
                .ToHashSet()
            : [];
        return node is TestNode or ModelNode { Config.Materialized: not Materialization.Ephemeral }
            ? manifest
                .RelationsReadBy(node)
                .DistinctBy(producer => producer.UniqueId)
                .Select(producer => (producer, changes.Contains(producer.UniqueId)))
            : [];
    }

    private static string ConnectionOf(Node node) =>
        node is TestNode test ? test.Connection : ((RelationNode)node).Connection;
}
