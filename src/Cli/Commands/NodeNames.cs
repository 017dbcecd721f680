using Strata.Compiler.Manifest;

namespace Strata.Cli.Commands;

/// <summary>Which node is meant by what was typed.</summary>
internal static class NodeNames
{
    /// <summary>The node of that name, or id; else the one whose relation it is, as the lines of a run name it: <c>silver.orders</c>.</summary>
    public static T? Find<T>(IEnumerable<T> nodes, string? typed)
        where T : RelationNode
    {
        var all = nodes.ToList();
        var known = all.Find(node => Of(node) == typed || node.UniqueId == typed);
        if (known is not null)
            return known;
        var published = all.FindAll(node =>
            $"{node.Relation.Schema}.{node.Relation.Name}" == typed
            && node is not ModelNode { Config.Materialized: Materialization.Ephemeral }
        );
        return published is [var only] ? only : null;
    }

    public static string Of(RelationNode node) =>
        node is SourceNode source ? $"{source.SourceName}.{source.Name}" : node.Name;
}
