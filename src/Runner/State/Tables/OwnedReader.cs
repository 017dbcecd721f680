using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.State.Tables;

/// <summary>Reads and writes what Strata has made on a connection.</summary>
internal static class OwnedReader
{
    public static async Task<
        ImmutableDictionary<(string Node, RelationName Relation), OwnedRelation>
    > ReadAsync(IStatements session, SqlDialect dialect, CancellationToken cancellationToken)
    {
        var sql =
            "select node, schema_name, relation_name, kind, definition, target "
            + $"from {dialect.Quote(HistoryTables.Relations)}";
        var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
        var names = new OwnedNames(dialect);
        return rows
            .Rows.Select(row => new OwnedRelation(
                StateValues.Text(row[0]),
                new RelationName(StateValues.Text(row[1]), StateValues.Text(row[2])),
                StateValues.Text(row[3]) == "view" ? RelationKind.View : RelationKind.Table,
                row[4] as string,
                StateValues.Text(row[5])
            ))
            // earlier versions noted a name once in each spelling; the last is what is there
            .GroupBy(owned => (owned.Node, owned.Relation), names)
            .ToImmutableDictionary(owned => owned.Key, owned => owned.Last(), names);
    }

    public static IEnumerable<string> Set(SqlDialect dialect, OwnedRelation owned)
    {
        yield return Forget(dialect, owned.Node, owned.Relation);
        yield return Add(dialect, owned);
    }

    /// <summary>For what is not noted yet.</summary>
    public static string Add(SqlDialect dialect, OwnedRelation owned) =>
        StateStatements.Insert(
            dialect,
            HistoryTables.Relations,
            [
                StateStatements.Row(
                    dialect,
                    owned.Node,
                    owned.Relation.Schema,
                    owned.Relation.Name,
                    owned.Kind == RelationKind.View ? "view" : "table",
                    owned.Definition,
                    owned.Target
                ),
            ]
        );

    public static string Forget(SqlDialect dialect, string node, RelationName relation) =>
        $"delete from {dialect.Quote(HistoryTables.Relations)} where node = {dialect.QuoteString(node)} "
        + $"and {StateStatements.IsNamed(dialect, relation)}";
}
