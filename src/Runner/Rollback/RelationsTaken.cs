using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Runs;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>
/// Finds relations that are not a node's alone to give back, because nodes that do not go back have been published as them since. Who
/// is a relation now does not matter: whoever was it meanwhile has replaced its rows.
/// </summary>
/// <param name="place">The place to go back to.</param>
/// <param name="includes">Whether a node takes part.</param>
/// <param name="timelineOf">The past of a node; null where it has none.</param>
internal sealed class RelationsTaken(
    ConnectionHistory history,
    long place,
    Func<string, bool> includes,
    Func<string, NodeTimeline?> timelineOf,
    Func<string, string> nameOf,
    IEqualityComparer<RelationName> names
)
{
    private readonly ILookup<RelationName, KeptVersion> _kept = history
        .Kept.Where(version => !includes(version.Node))
        .ToLookup(version => version.Relation, names);

    private readonly Dictionary<string, long> _places = history.Runs.ToDictionary(
        run => run.RunId,
        run => run.Seq
    );

    /// <param name="nodes">All that goes back.</param>
    public string? ProblemOf(NodeRollback node, IReadOnlyCollection<NodeRollback> nodes)
    {
        foreach (var steps in node.Steps.GroupBy(step => step.Relation, names))
        {
            if (TakenAfter(steps.Min(step => PlaceOf(step.RunId)), steps.Key) is { } problem)
                return problem;
        }
        if (node.After?.Relation is not { } home)
            return null;
        return StateStatements.TakingOf(home) is { } taking ? NotGivenBack(taking, home, nodes)
            : home.Schema.Length > 0 ? TakenAfter(place, home)
            : null;
    }

    /// <summary>The relation was the node's then, and another node took it before the first publish that is undone.</summary>
    private string? NotGivenBack(
        (string RunId, string Relation) taking,
        RelationName mark,
        IReadOnlyCollection<NodeRollback> nodes
    )
    {
        var isGivenBack = nodes
            .SelectMany(node => node.Steps)
            .Any(step => StateStatements.Taken(step.RunId, step.Relation) == mark);
        if (isGivenBack || PlaceOf(taking.RunId) <= place)
            return null;
        var taker = history.Events.FirstOrDefault(one =>
            one.RunId == taking.RunId
            && !includes(one.Node)
            && history.Owned.Any(owned =>
                owned.Node == one.Node
                && string.Equals(
                    owned.Relation.ToString(),
                    taking.Relation,
                    StringComparison.OrdinalIgnoreCase
                )
            )
        );
        return taker is null
            ? $"another node has been published as {taking.Relation} since"
            : Published(taker.Node, taking.Relation);
    }

    private string? TakenAfter(long after, RelationName relation)
    {
        var publishes = _kept[relation]
            .Select(version => (version.Node, version.RunId))
            .Concat(
                history
                    .Nodes.Values.Where(state =>
                        !includes(state.NodeId) && state.Relation is { } now && names.Equals(now, relation)
                    )
                    .Select(state => (Node: state.NodeId, state.RunId))
            )
            .Where(publish => PlaceOf(publish.RunId) > after)
            .Select(publish => publish.Node);
        if (publishes.Min(StringComparer.Ordinal) is { } taker)
            return Published(taker, relation.ToString());
        // what is not kept may have been a publish as this relation
        var perhaps = history
            .Owned.Where(owned => !includes(owned.Node) && names.Equals(owned.Relation, relation))
            .Select(owned => owned.Node)
            .Where(other => timelineOf(other)?.IsKnownSince(after) == false)
            .Min(StringComparer.Ordinal);
        return perhaps is null
            ? null
            : $"'{nameOf(perhaps)}' may have been published as {relation} since; roll both back";
    }

    private string Published(string node, string relation) =>
        $"'{nameOf(node)}' has been published as {relation} since; roll both back";

    private long PlaceOf(string runId) => _places.GetValueOrDefault(runId, long.MinValue);
}
