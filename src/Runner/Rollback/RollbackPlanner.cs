using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Runs;
using Strata.Runner.Versions;

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
            var names = namesOn(history.Connection);
            var timelines = Timelines(history);
            var homes = new FormerHomes(history.Owned, names);
            var nodes = ImmutableArray.CreateBuilder<NodeRollback>();
            foreach (var (node, timeline) in timelines.Where(timeline => includes(timeline.Key)))
            {
                var rollback = timeline.GoBack(place, out var problem);
                if (rollback is not null)
                    nodes.Add(homes.WorkOut(rollback, ref problem));
                if (problem is not null)
                    problems.Add($"'{nameOf(node)}' on '{history.Connection}': {problem}");
            }
            var taken = new RelationsTaken(
                history,
                place,
                includes,
                node => timelines.GetValueOrDefault(node),
                nameOf,
                names
            );
            foreach (var node in nodes)
            {
                if (taken.ProblemOf(node, nodes) is { } problem)
                    problems.Add($"'{nameOf(node.Node)}' on '{history.Connection}': {problem}");
            }
            var lost = LostToOthers(history, nodes, names);
            problems.AddRange(
                lost.Select(step =>
                    $"'{nameOf(step.Node)}' on '{history.Connection}': somebody has dropped {step.Relation} before run {step.RunId} "
                    + "made it anew, and no version from before that is kept"
                )
            );
            connections.Add(new ConnectionRollback(history.Connection, place, nodes.ToImmutable()));
        }
        return new RollbackPlan(to, connections.ToImmutable(), problems.ToImmutable());
    }

    private static IEnumerable<KeptVersion> LostToOthers(
        ConnectionHistory history,
        IEnumerable<NodeRollback> nodes,
        IEqualityComparer<RelationName> names
    )
    {
        var places = history.Runs.ToDictionary(run => run.RunId, run => run.Seq);
        return RelationRollback
            .Of(nodes, names, run => places.GetValueOrDefault(run, long.MinValue))
            .Select(relation => relation.DroppedByOthers(names))
            .OfType<KeptVersion>();
    }

    private static SortedDictionary<string, NodeTimeline> Timelines(ConnectionHistory history)
    {
        var runs = history.Runs.ToDictionary(run => run.RunId);
        var kept = history.Kept.ToLookup(version => version.Node);
        return new SortedDictionary<string, NodeTimeline>(
            history
                .Events.GroupBy(one => one.Node)
                .ToDictionary(
                    node => node.Key,
                    node => new NodeTimeline(
                        node.Key,
                        node,
                        kept[node.Key],
                        history.Nodes.GetValueOrDefault(node.Key),
                        runs
                    )
                ),
            StringComparer.Ordinal
        );
    }
}
