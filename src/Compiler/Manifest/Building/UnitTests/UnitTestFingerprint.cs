using System.Globalization;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest.Building.UnitTests;

/// <summary>What a unit test's outcome depends on.</summary>
internal static class UnitTestFingerprint
{
    /// <param name="timeless">The query with the clock standing still.</param>
    /// <param name="nodes">The definitions that the types of the inputs come from.</param>
    public static string Of(UnitTestNode node, CompiledSql timeless, IReadOnlyDictionary<string, Node> nodes)
    {
        using var fingerprint = new Fingerprint();
        fingerprint
            .Add("model", node.Model)
            .AddCode("sql", timeless)
            .Add("tolerance", node.Tolerance?.ToString("R", CultureInfo.InvariantCulture));
        foreach (var input in node.Given)
        {
            fingerprint.Add("given", [input.Kind.ToString(), input.NodeId]);
            Add(fingerprint, input.Rows);
        }
        Add(fingerprint, node.Expect);
        foreach (var id in Ancestors(node, nodes).Order(StringComparer.Ordinal))
            fingerprint.Add(id, DefinitionOf(nodes[id]));
        return fingerprint.Compute();
    }

    private static void Add(Fingerprint fingerprint, UnitTestRows? rows)
    {
        if (rows is null)
        {
            fingerprint.Add("no rows", "");
            return;
        }
        if (rows.Sql is { } sql)
            fingerprint.Add("query", sql);
        fingerprint.Add("columns", rows.Columns.Select(column => column.Name));
        foreach (var row in rows.Rows)
            fingerprint.Add(
                "row",
                row.Select(cell => $"{YamlScalar.Print(cell.IsQuoted)}{cell.Text ?? "\0"}")
            );
    }

    private static string? DefinitionOf(Node node) =>
        node switch
        {
            ModelNode model => model.Fingerprint
                + string.Join(",", model.Columns.Select(c => $"{c.Name} {c.DataType}")),
            SeedNode seed => seed.Fingerprint,
            SourceNode source => source.Fingerprint,
            _ => null,
        };

    private static HashSet<string> Ancestors(UnitTestNode node, IReadOnlyDictionary<string, Node> nodes)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([node.Model]);
        while (open.TryPop(out var id))
        {
            if (!nodes.TryGetValue(id, out var next) || !found.Add(id))
                continue;
            foreach (var parent in next.DependsOn)
                open.Push(parent);
        }
        return found;
    }
}
