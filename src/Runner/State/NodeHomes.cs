using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;

namespace Strata.Runner.State;

/// <summary>
/// Which of the states that connections keep are those of the project's nodes as they are now. A node that has moved to another
/// connection, or to another relation, leaves its state or its rows behind; one that is back finds there what was true before it left.
/// </summary>
internal static class NodeHomes
{
    /// <summary>
    /// Without the states that are not the newest of their node, or are not on the connection where it lives, or tell of another
    /// relation than the one that stands there: such a node is built from nothing, and its feed starts over.
    /// </summary>
    public static ImmutableArray<EngineSnapshot> Settle(
        ProjectManifest manifest,
        PlanGraph graph,
        ImmutableArray<EngineSnapshot> snapshots
    )
    {
        var stale = new Dictionary<string, HashSet<string>>();
        var homes = manifest
            .Nodes.Values.OfType<RelationNode>()
            .Select(node => (Id: node.UniqueId, node.Connection, node.Relation))
            .Concat(graph.Copies.Select(transfer => (transfer.Id, transfer.Connection, transfer.Replica)));
        foreach (var (id, connection, relation) in homes)
        {
            var holders = snapshots.Where(snapshot => snapshot.Nodes.ContainsKey(id)).ToArray();
            var newest = holders.MaxBy(holder => holder.Nodes[id].RunId, StringComparer.Ordinal);
            foreach (var holder in holders)
            {
                if (holder == newest && holder.Connection == connection && !IsOfAnother(holder, id, relation))
                    continue;
                if (!stale.TryGetValue(holder.Connection, out var nodes))
                    stale[holder.Connection] = nodes = new HashSet<string>(StringComparer.Ordinal);
                nodes.Add(id);
            }
        }
        return
        [
            .. snapshots.Select(snapshot =>
                stale.TryGetValue(snapshot.Connection, out var nodes) ? Without(snapshot, nodes) : snapshot
            ),
        ];
    }

    /// <summary>
    /// Whether the rows under the node's name are not those that its state tells of: it had another name, or another node has been
    /// published under this one since (<see cref="StateStatements.TakeRelation"/>). Where the relation was renamed by hand they are: the old one is gone then, and Strata has
    /// never made the new one.
    /// </summary>
    private static bool IsOfAnother(EngineSnapshot holder, string id, RelationName relation)
    {
        var names = holder.Relations.KeyComparer;
        if (holder.Nodes[id].Relation is not { } was || names.Equals(was, relation))
            return false;
        return holder.Find(was) is not null
            || holder.Owned.Values.Any(owned => names.Equals(owned.Relation, relation));
    }

    /// <summary>Reports relations that are another project's, and nodes whose state another target of this one keeps here.</summary>
    public static async Task CheckOwnersAsync(
        RunRequest request,
        PlanGraph graph,
        IEnumerable<EngineSnapshot> snapshots,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var manifest = request.Manifest;
        var foreign = new List<ForeignRelation>();
        foreach (var snapshot in snapshots)
        {
            var names = snapshot.Relations.KeyComparer;
            var others = snapshot
                .Owned.Values.Where(owned => !manifest.Owns(owned.Node))
                .ToLookup(owned => owned.Relation, names);
            var elsewhere = snapshot
                .Owned.Values.Where(owned => manifest.Owns(owned.Node) && owned.Target != manifest.TargetName)
                .ToLookup(owned => owned.Node);
            foreach (var (id, about, relation) in Written(graph, snapshot.Connection))
            {
                if (others[relation].FirstOrDefault() is { } other && snapshot.Find(relation) is not null)
                    foreign.Add(
                        new ForeignRelation(
                            about.Declaration,
                            snapshot.Connection,
                            relation.ToString(),
                            id,
                            other.Node
                        )
                    );
                else if (
                    await FindAsync(
                        request.Adapters[snapshot.Connection],
                        elsewhere[id].Where(owned => !names.Equals(owned.Relation, relation)),
                        names,
                        cancellationToken
                    ) is
                    { } twin
                )
                    diagnostics.Add(
                        TableDiagnostics.StateOfAnotherTarget(
                            about.Declaration,
                            snapshot.Connection,
                            about.Name,
                            twin.Target,
                            twin.Relation.ToString()
                        )
                    );
            }
        }
        // one thing is to be done about all of them
        foreach (var project in foreign.GroupBy(one => one.OwnerProject))
            diagnostics.Add(
                TableDiagnostics.RelationsOfAnotherProject(
                    manifest.ProjectName,
                    project.Key,
                    [
                        .. project
                            .OrderBy(one => one.Connection, StringComparer.Ordinal)
                            .ThenBy(one => one.Relation, StringComparer.Ordinal),
                    ]
                )
            );
    }

    /// <summary>The first of what was published that is still there; it may be in a schema that the project no longer uses.</summary>
    private static async Task<OwnedRelation?> FindAsync(
        IAdapter adapter,
        IEnumerable<OwnedRelation> published,
        IEqualityComparer<RelationName> names,
        CancellationToken cancellationToken
    )
    {
        var sought = published
            .OrderBy(owned => owned.Relation.ToString(), StringComparer.Ordinal)
            .ToImmutableArray();
        if (sought.IsEmpty)
            return null;
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var there = await session.ListRelationsAsync(
            [.. sought.Select(owned => owned.Relation.Schema).Distinct()],
            cancellationToken
        );
        return sought.FirstOrDefault(owned =>
            there.Any(relation => names.Equals(relation.Name, owned.Relation))
        );
    }

    private static IEnumerable<(string Id, RelationNode About, RelationName Relation)> Written(
        PlanGraph graph,
        string connection
    ) =>
        graph
            .Relations.Where(node => node.Connection == connection)
            .Select(node => (node.UniqueId, node, node.Relation))
            .Concat(
                graph
                    .Transfers.Where(transfer => transfer.Connection == connection)
                    .Select(transfer => (transfer.Id, transfer.Producer, transfer.Replica))
            );

    private static EngineSnapshot Without(EngineSnapshot snapshot, HashSet<string> nodes) =>
        snapshot with
        {
            Left = nodes.ToImmutableDictionary(id => id, id => snapshot.Nodes[id]),
            Nodes = snapshot.Nodes.RemoveRange(nodes),
            Batches = snapshot
                .Batches.Where(group => !nodes.Contains(group.Key))
                .SelectMany(group => group.Select(record => (group.Key, Record: record)))
                .ToLookup(pair => pair.Key, pair => pair.Record),
            Feeds = snapshot.Feeds.RemoveRange(nodes),
            Consumed = snapshot.Consumed.RemoveRange(
                snapshot.Consumed.Keys.Where(key => nodes.Contains(key.Consumer))
            ),
        };
}
