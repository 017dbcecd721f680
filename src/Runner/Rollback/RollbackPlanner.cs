using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Runs;

namespace Strata.Runner.Rollback;

/// <summary>Histories and the run to go back to in; plan out. Pure.</summary>
public static class RollbackPlanner
{
    /// <param name="histories">In the order in which the connections go back.</param>
    /// <param name="includes">Whether a node takes part.</param>
    /// <param name="nameOf">A node as messages name it.</param>
    /// <param name="namesOn">Which names are one on a connection.</param>
    public static RollbackPlan Plan(
        ImmutableArray<ConnectionHistory> histories,
        RunRecord to,
        Func<string, bool> includes,
        Func<string, string> nameOf,
        Func<string, IEqualityComparer<RelationName>> namesOn
    )
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var connections = ImmutableArray.CreateBuilder<ConnectionRollback>();
        foreach (var history in histories)
        {
            var place = history.PlaceOf(to);
            var nodes = ImmutableArray.CreateBuilder<NodeRollback>();
            foreach (var timeline in Timelines(history, includes))
            {
                var rollback = timeline.Value.GoBack(place, out var problem);
                if (rollback is not null)
                    nodes.Add(rollback);
                if (problem is not null)
                    problems.Add($"'{nameOf(timeline.Key)}' on '{history.Connection}': {problem}");
            }
            problems.AddRange(
                nodes
                    .Select(node =>
                        (
                            node.Node,
                            Problem: TakenSince(history, node, nodes, nameOf, namesOn(history.Connection))
                        )
                    )
                    .Where(one => one.Problem is not null)
                    .Select(one => $"'{nameOf(one.Node)}' on '{history.Connection}': {one.Problem}")
            );
            connections.Add(new ConnectionRollback(history.Connection, place, nodes.ToImmutable()));
        }
        return new RollbackPlan(to, connections.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>Where another node that does not go back has been published as the relation since, going back would take that from it.</summary>
    private static string? TakenSince(
        ConnectionHistory history,
        NodeRollback node,
        IReadOnlyCollection<NodeRollback> nodes,
        Func<string, string> nameOf,
        IEqualityComparer<RelationName> names
    )
    {
        var relations = node.Steps.Select(step => step.Relation).ToHashSet(names);
        foreach (var other in history.Nodes.Values.OrderBy(state => state.NodeId, StringComparer.Ordinal))
        {
            if (other.Relation is not { } relation || !relations.Contains(relation))
                continue;
            var first = node.Steps.Last(step => names.Equals(step.Relation, relation));
            if (
                nodes.All(one => one.Node != other.NodeId)
                && history.Find(other.RunId)?.Seq > history.Find(first.RunId)?.Seq
            )
                return $"'{nameOf(other.NodeId)}' has been published as {relation} since";
        }
        return null;
    }

    private static IEnumerable<KeyValuePair<string, NodeTimeline>> Timelines(
        ConnectionHistory history,
        Func<string, bool> includes
    )
    {
        var runs = history.Runs.ToDictionary(run => run.RunId);
        var kept = history.Kept.ToLookup(version => version.Node);
        foreach (
            var node in history
                .Events.GroupBy(one => one.Node)
                .OrderBy(node => node.Key, StringComparer.Ordinal)
        )
        {
            if (!includes(node.Key))
                continue;
            yield return KeyValuePair.Create(
                node.Key,
                new NodeTimeline(
                    node.Key,
                    node,
                    kept[node.Key],
                    history.Nodes.GetValueOrDefault(node.Key),
                    runs
                )
            );
        }
    }
}
