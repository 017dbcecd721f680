using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>How one relation goes back: from a version that is known as a whole, if there is one, then by changes.</summary>
/// <param name="From">The oldest step that does not build on what is there now; null where only changes are undone.</param>
/// <param name="Changes">The changes that are undone after it, latest first.</param>
internal sealed record RelationRollback(
    string Node,
    RelationName Relation,
    KeptVersion? From,
    ImmutableArray<KeptVersion> Changes
)
{
    /// <summary>The definition of the view that the relation will be.</summary>
    public string? Definition =>
        From is { Kind: KeptKind.View, Definition: { } definition } ? definition : null;

    /// <summary>Whether the relation will be gone.</summary>
    public bool IsDropped => From is { Kind: KeptKind.Absent };

    /// <summary>A node that has moved was several relations.</summary>
    public static IEnumerable<RelationRollback> Of(NodeRollback node)
    {
        foreach (var relation in node.Steps.GroupBy(step => step.Relation))
        {
            ImmutableArray<KeptVersion> steps = [.. relation.Where(step => step.Kind != KeptKind.Same)];
            var from = steps.LastOrDefault(step => step.Kind != KeptKind.Changes);
            yield return new RelationRollback(
                node.Node,
                relation.Key,
                from,
                from is null ? steps : [.. steps.Skip(steps.IndexOf(from) + 1)]
            );
        }
    }
}
