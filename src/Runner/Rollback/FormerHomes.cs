using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Runs;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>What nodes were before publishes of an earlier version of Strata, which did not note it.</summary>
/// <param name="owned">What nodes have been published as.</param>
internal sealed class FormerHomes(ImmutableArray<OwnedRelation> owned, IEqualityComparer<RelationName> names)
{
    /// <summary>Where the publish before is kept as well, it tells; unless another node took the relation in between.</summary>
    public static ImmutableArray<KeptVersion> Complete(
        ImmutableArray<KeptVersion> kept,
        ImmutableArray<RunRecord> runs,
        IEqualityComparer<RelationName> names
    )
    {
        if (kept.All(version => version.KnowsHome || version.Before is null))
            return kept;
        var places = runs.ToDictionary(run => run.RunId, run => run.Seq);
        long PlaceOf(KeptVersion version) => places.GetValueOrDefault(version.RunId, long.MinValue);
        var byBatch = kept.GroupBy(version => (version.Node, version.BatchId))
            .ToDictionary(same => same.Key, same => same.Last());
        var byRelation = kept.ToLookup(version => version.Relation, names);
        return [.. kept.Select(Complete)];

        KeptVersion Complete(KeptVersion version)
        {
            if (
                version is not { KnowsHome: false, Before: { } before }
                || !byBatch.TryGetValue((version.Node, before.BatchId), out var last)
            )
                return version;
            var taker = byRelation[last.Relation]
                .Where(other =>
                    other.Node != version.Node
                    && PlaceOf(other) > PlaceOf(last)
                    && PlaceOf(other) < PlaceOf(version)
                )
                .MinBy(PlaceOf);
            var home = taker is null ? last.Relation : StateStatements.Taken(taker.RunId, last.Relation);
            return version with { Before = before with { Relation = home }, KnowsHome = true };
        }
    }

    /// <summary>A node on its way back, with what it was, or no relation where that is in doubt: it is built anew then.</summary>
    /// <param name="problem">Set where rows would be lost by that.</param>
    public NodeRollback WorkOut(NodeRollback node, ref string? problem)
    {
        if (node.Steps[^1] is not { KnowsHome: false, Before: { } before } first)
            return node;
        var home = HomeOf(node, first);
        if (home is null && !IsMadeAnew(before))
            problem =
                "the state does not say which relation it was then: an earlier version of strata published it";
        var known = first with
        {
            Before = before with { Relation = home ?? new RelationName("", "") },
            KnowsHome = true,
        };
        return node with { Steps = node.Steps.SetItem(node.Steps.Length - 1, known) };
    }

    /// <summary>The only relation that the node has been and that is left of it, where no other node has been that.</summary>
    private RelationName? HomeOf(NodeRollback node, KeptVersion first)
    {
        var dropped = node
            .Steps.Where(step => step.Kind == KeptKind.Absent)
            .Select(step => step.Relation)
            .ToHashSet(names);
        var left = owned
            .Where(one => one.Node == node.Node && !dropped.Contains(one.Relation))
            .Select(one => one.Relation)
            .Distinct(names)
            .ToList();
        return left switch
        {
            [var home] when owned.All(one => one.Node == node.Node || !names.Equals(one.Relation, home)) =>
                home,
            // older than what is noted of relations
            [] when !dropped.Contains(first.Relation) => first.Relation,
            _ => null,
        };
    }

    /// <summary>Whether the next build makes it from what it reads, as it always does.</summary>
    private static bool IsMadeAnew(NodeState before) =>
        before.Materialized is { } materialized
            ? materialized is Materialization.Table or Materialization.View
            : !before.NodeId.StartsWith("model.", StringComparison.Ordinal)
                && !before.NodeId.StartsWith("snapshot.", StringComparison.Ordinal);
}
