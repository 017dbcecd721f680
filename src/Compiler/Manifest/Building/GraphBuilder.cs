using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Puts the nodes in order and finds what stands in the way of one.</summary>
internal static class GraphBuilder
{
    /// <param name="placeOf">Where the first node reads the second.</param>
    /// <returns>Null, after reporting, when there is a cycle.</returns>
    public static Dag<string>? Build(
        ImmutableSortedDictionary<string, Node> nodes,
        Func<string, string, SourceSpan?> placeOf,
        DiagnosticBag diagnostics
    )
    {
        var keys = nodes.Keys.ToList();
        var result = Dag<string>.Create(keys, id => nodes[id].DependsOn);
        if (result.Graph is { } graph)
            return graph;
        // every cycle is worth knowing, so take one out and look again
        while (result.Graph is null)
        {
            diagnostics.Add(Describe(result.Cycle, nodes, placeOf));
            keys.RemoveAll(result.Cycle.Contains);
            result = Dag<string>.Create(keys, id => nodes[id].DependsOn);
        }
        return null;
    }

    /// <summary>Reports nodes that would write, or read as another's, the same relation.</summary>
    public static void CheckRelations(IEnumerable<Node> nodes, DiagnosticBag diagnostics)
    {
        var seen = new Dictionary<string, Dictionary<RelationName, RelationNode>>();
        foreach (var node in nodes.OfType<RelationNode>().OrderBy(node => node is SourceNode))
        {
            if (node is ModelNode { Config.Materialized: Materialization.Ephemeral })
                continue;
            if (!seen.TryGetValue(node.Connection, out var there))
                seen[node.Connection] = there = new(SqlDialects.Find(node.Engine)?.RelationNames);
            if (there.TryAdd(node.Relation, node) || there[node.Relation] is SourceNode)
                continue;
            var first = there[node.Relation];
            diagnostics.Add(
                ProjectDiagnostics.SameRelation(
                    node.Connection,
                    node.Relation,
                    Describe(first),
                    first.Declaration,
                    Describe(node),
                    node.Declaration
                )
            );
        }
    }

    /// <summary>Reports nodes of other connections whose copies would be the same relation where they are read.</summary>
    public static void CheckReplicas(
        IEnumerable<Node> nodes,
        Func<string, Node?> find,
        DiagnosticBag diagnostics
    )
    {
        var seen = new Dictionary<string, Dictionary<RelationName, RelationNode>>();
        foreach (var model in nodes.OfType<ModelNode>())
        {
            if (SqlDialects.Find(model.Engine) is not { } reader)
                continue;
            var read = model
                .Full.References.Concat(model.Incremental?.References ?? [])
                .Select(reference => find(reference.NodeId))
                .OfType<RelationNode>()
                .Where(node => node.Connection != model.Connection)
                .Distinct();
            foreach (var node in read)
            {
                var replica = Replica.NameOf(node.Relation, reader);
                if (!seen.TryGetValue(model.Connection, out var there))
                    seen[model.Connection] = there = new(reader.RelationNames);
                if (there.TryAdd(replica, node))
                    continue;
                var first = there[replica];
                // one table that two sources name is one copy
                if (first.Connection == node.Connection && first.Relation == node.Relation)
                    continue;
                diagnostics.Add(
                    ProjectDiagnostics.SameReplica(
                        model.Connection,
                        replica,
                        Describe(first),
                        first.Declaration,
                        Describe(node),
                        node.Declaration
                    )
                );
            }
        }
    }

    /// <summary>Reports nodes that stand where the rows go that tests of another node set aside.</summary>
    public static void CheckQuarantines(
        IReadOnlyCollection<Node> nodes,
        Func<string, Node?> find,
        DiagnosticBag diagnostics
    )
    {
        var diverting = nodes
            .OfType<TestNode>()
            .Where(test => test.Config.Severity == TestSeverity.Quarantine)
            .Select(test => find(test.AttachedNode ?? ""))
            .OfType<RelationNode>()
            .Distinct()
            .ToList();
        if (diverting.Count == 0)
            return;
        var made = nodes
            .OfType<RelationNode>()
            .Where(node =>
                node is ModelNode { Config.Materialized: not Materialization.Ephemeral } or SeedNode
            )
            .ToLookup(node => (node.Connection, node.Relation));
        foreach (var node in diverting)
        {
            var quarantine = new RelationName(
                node.Relation.Schema,
                node.Relation.Name + QuarantineName.Suffix
            );
            foreach (var taken in made[(node.Connection, quarantine)])
                diagnostics.Add(
                    ProjectDiagnostics.SameRelation(
                        node.Connection,
                        quarantine,
                        $"the quarantine of {Describe(node)}",
                        node.Declaration,
                        Describe(taken),
                        taken.Declaration
                    )
                );
        }
    }

    /// <summary>Reports names that the engine would cut.</summary>
    public static void CheckNames(IEnumerable<Node> nodes, DiagnosticBag diagnostics)
    {
        foreach (var node in nodes.OfType<RelationNode>())
        {
            if (SqlDialects.Find(node.Engine) is not { } dialect)
                continue;
            foreach (var name in (string[])[node.Relation.Schema, node.Relation.Name])
            {
                if (Identifiers.Fit(name, dialect.MaxIdentifierBytes) != name)
                    diagnostics.Add(ProjectDiagnostics.NameTooLong(node.Declaration, name, dialect));
            }
        }
    }

    private static Diagnostic Describe(
        ImmutableArray<string> cycle,
        ImmutableSortedDictionary<string, Node> nodes,
        Func<string, string, SourceSpan?> placeOf
    )
    {
        // the graph says who is read by whom; people think of who reads whom
        ImmutableArray<string> reading = [cycle[0], .. cycle.Skip(1).Reverse()];
        var steps = ImmutableArray.CreateBuilder<DiagnosticNote>(reading.Length);
        for (var i = 0; i < reading.Length; i++)
        {
            var reader = nodes[reading[i]];
            var read = nodes[reading[(i + 1) % reading.Length]];
            var place = placeOf(reader.UniqueId, read.UniqueId) ?? reader.Declaration;
            steps.Add(new DiagnosticNote(place, $"{reader.Name} reads {read.Name}"));
        }
        return ReferenceDiagnostics.Cycle([.. reading.Select(id => nodes[id].Name)], steps.ToImmutable());
    }

    private static string Describe(RelationNode node) =>
        node switch
        {
            SourceNode source => $"source '{source.SourceName}.{source.Name}'",
            SeedNode => $"seed '{node.Name}'",
            _ => $"model '{node.Name}'",
        };
}
