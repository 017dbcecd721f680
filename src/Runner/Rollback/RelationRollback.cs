using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.State;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>How one relation goes back: from a version that is known as a whole, if there is one, then by changes.</summary>
/// <param name="Steps">The publishes that are undone, latest first; several nodes may have been this relation, one after the other.</param>
/// <param name="From">The oldest step that does not build on what is there now; null where only changes are undone.</param>
/// <param name="Changes">The changes that are undone after it, latest first.</param>
internal sealed record RelationRollback(
    RelationName Relation,
    ImmutableArray<KeptVersion> Steps,
    KeptVersion? From,
    ImmutableArray<KeptVersion> Changes
)
{
    /// <summary>The definition of the view that the relation will be.</summary>
    public string? Definition =>
        From is { Kind: KeptKind.View, Definition: { } definition } ? definition : null;

    /// <summary>Whether the relation will be gone.</summary>
    public bool IsDropped => From is { Kind: KeptKind.Absent };

    /// <summary>
    /// The step before which others had dropped the relation that its node was then: nothing is left that leads back behind it. Null
    /// where there is none, or where an older version is kept as a whole.
    /// </summary>
    public KeptVersion? DroppedByOthers(IEqualityComparer<RelationName> names) =>
        From is { Kind: KeptKind.Absent, KnowsHome: true, Before.Relation: { } before } from
        && names.Equals(before, Relation)
            ? from
            : null;

    /// <summary>The node that leads furthest back.</summary>
    public string Node => Steps[^1].Node;

    /// <summary>A node that has moved was several relations, and a relation may have gone from one node to another.</summary>
    /// <param name="names">Which names are one on the connection.</param>
    /// <param name="placeOf">The place of a run in the connection's order.</param>
    public static ImmutableArray<RelationRollback> Of(
        IEnumerable<NodeRollback> nodes,
        IEqualityComparer<RelationName> names,
        Func<string, long> placeOf
    ) =>
        [
            .. InOrder(nodes, placeOf)
                .GroupBy(step => step.Relation, names)
                .Select(relation => Of(relation.Key, [.. relation])),
        ];

    /// <summary>All steps, latest first.</summary>
    public static IEnumerable<KeptVersion> InOrder(
        IEnumerable<NodeRollback> nodes,
        Func<string, long> placeOf
    ) =>
        nodes
            .SelectMany(node => node.Steps)
            .OrderByDescending(step => placeOf(step.RunId))
            .ThenByDescending(step => step.BatchId);

    /// <summary>The relations that are given back to what they were before a node was first published as them.</summary>
    public static HashSet<RelationName> GivenBack(IEnumerable<NodeRollback> nodes, SqlDialect dialect) =>
        nodes
            .SelectMany(node => node.Steps)
            .Where(step =>
                step.Before is not { } before
                || step.KnowsHome
                    && !dialect.RelationNames.Equals(before.Relation.GetValueOrDefault(), step.Relation)
            )
            .Select(step => step.Relation)
            .ToHashSet(dialect.RelationNames);

    private static RelationRollback Of(RelationName relation, ImmutableArray<KeptVersion> all)
    {
        ImmutableArray<KeptVersion> steps = [.. all.Where(step => step.Kind != KeptKind.Same)];
        var from = steps.LastOrDefault(step => step.Kind != KeptKind.Changes);
        return new RelationRollback(
            relation,
            all,
            from,
            from is null ? steps : [.. steps.Skip(steps.IndexOf(from) + 1)]
        );
    }
}
