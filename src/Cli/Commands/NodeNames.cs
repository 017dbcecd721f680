using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;

namespace Strata.Cli.Commands;

/// <summary>Which node is meant by what was typed.</summary>
internal static class NodeNames
{
    /// <summary>The node of that name, or id; else the one whose relation it is, as the lines of a run name it: <c>silver.orders</c>.</summary>
    public static T? Find<T>(IEnumerable<T> nodes, string? typed)
        where T : RelationNode
    {
        var all = nodes.ToList();
        return all.Find(node => Of(node) == typed || node.UniqueId == typed)
            ?? (Published(all, typed) is [var only] ? only : null);
    }

    /// <summary>Why no node is meant: there is none, or several have a relation of that name.</summary>
    public static Diagnostic Unknown<T>(IEnumerable<T> nodes, string typed)
        where T : RelationNode
    {
        var all = nodes.ToList();
        return CommandLineDiagnostics.UnknownModel(
            typed,
            all.Select(Of),
            Published(all, typed).ConvertAll(node => (Of(node), node.Connection))
        );
    }

    private static List<T> Published<T>(List<T> nodes, string? typed)
        where T : RelationNode =>
        nodes.FindAll(node =>
            node is not ModelNode { Config.Materialized: Materialization.Ephemeral }
            && string.Equals(
                $"{node.Relation.Schema}.{node.Relation.Name}",
                typed,
                SqlDialects.Find(node.Engine)?.FoldsCase == true
                    ? StringComparison.OrdinalIgnoreCase
                    : StringComparison.Ordinal
            )
        );

    public static string Of(RelationNode node) =>
        node is SourceNode source ? $"{source.SourceName}.{source.Name}" : node.Name;
}
