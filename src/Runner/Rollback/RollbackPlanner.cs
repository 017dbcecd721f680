using System.Collections.Immutable;
using Strata.Runner.Runs;

namespace Strata.Runner.Rollback;

/// <summary>Histories and the run to go back to in; plan out. Pure.</summary>
public static class RollbackPlanner
{
    /// <param name="histories">In the order in which the connections go back.</param>
    /// <param name="includes">Whether a node takes part.</param>
    /// <param name="nameOf">A node as messages name it.</param>
    public static RollbackPlan Plan(
        ImmutableArray<ConnectionHistory> histories,
        RunRecord to,
        Func<string, bool> includes,
        Func<string, string> nameOf
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
            connections.Add(new ConnectionRollback(history.Connection, place, nodes.ToImmutable()));
        }
        return new RollbackPlan(to, connections.ToImmutable(), problems.ToImmutable());
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
