using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Listing;

/// <summary>The nodes of a compiled project, without what is only needed to build them.</summary>
/// <param name="Nodes">Parents before children.</param>
public sealed record ProjectListing(string ProjectName, ImmutableArray<ListedNode> Nodes)
{
    public static ProjectListing From(ProjectManifest manifest) =>
        new(
            manifest.ProjectName,
            [.. manifest.Graph.Sorted.Select(id => From(manifest.Nodes[id], manifest.ProjectName))]
        );

    /// <summary>The nodes that a selection means, parents before children.</summary>
    public IEnumerable<ListedNode> Select(
        SelectionCriteria criteria,
        EarlierRuns earlier,
        DiagnosticBag diagnostics
    )
    {
        if (criteria.Expression is SelectionEverything)
            return Nodes;
        var selected = new NodeSelector(Nodes.Select(listed => listed.Node), ProjectName, earlier).Select(
            criteria,
            diagnostics
        );
        return Nodes.Where(listed => selected.Contains(listed.Node.Id));
    }

    private static ListedNode From(Node node, string project) =>
        new(
            SelectableNode.From(node, project),
            node.Description,
            node is ModelNode model
                ? JsonNamingPolicy.SnakeCaseLower.ConvertName(model.Config.Materialized.ToString())
                : null,
            (node as RelationNode)?.Connection,
            (node as RelationNode)?.Relation.ToString()
        );
}
