using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Whether a schema has the name of a database that DuckDB has open: it then refuses <c>schema.table</c>, and so it does in stored views and for
/// everyone else who opens the file. Sources are left alone: without such a schema the name means the database, and works.
/// </summary>
internal static class SchemaNameChecks
{
    public static void Check(
        IEnumerable<Node> nodes,
        IReadOnlyDictionary<string, ConnectionConfig> connections,
        DiagnosticBag diagnostics
    )
    {
        var made = nodes
            .OfType<RelationNode>()
            .Where(node =>
                node is ModelNode { Config.Materialized: not Materialization.Ephemeral } or SeedNode
                && node.Engine == EngineType.DuckDb
            )
            .GroupBy(node => node.Connection);
        foreach (
            var (connection, owned) in made.Select(group => (connections.GetValueOrDefault(group.Key), group))
        )
        {
            if (connection is null)
                continue;
            var database = DuckDbDialect.DatabaseNameOf(connection.Options.GetValueOrDefault("path") ?? "");
            foreach (
                var schema in owned.GroupBy(node => node.Relation.Schema, StringComparer.OrdinalIgnoreCase)
            )
                Check(schema.Key, schema.First().Relation.Name, connection, database, diagnostics);
        }
    }

    private static void Check(
        string schema,
        string example,
        ConnectionConfig connection,
        string database,
        DiagnosticBag diagnostics
    )
    {
        if (schema.Equals(database, StringComparison.OrdinalIgnoreCase))
            diagnostics.Add(
                EngineDiagnostics.SchemaNamedAsDatabase(
                    connection.Declaration,
                    schema,
                    $"the database of connection '{connection.Name}': {connection.Options["path"]}",
                    example,
                    connection.Options["path"] == ":memory:"
                        ? "give the schema another name"
                        : "give the file another name, or the schema"
                )
            );
        else if (DuckDbDialect.OwnDatabases.Contains(schema))
            diagnostics.Add(
                EngineDiagnostics.SchemaNamedAsDatabase(
                    connection.Declaration,
                    schema,
                    $"a database that is always open in connection '{connection.Name}'",
                    example,
                    "give the schema another name"
                )
            );
    }
}
