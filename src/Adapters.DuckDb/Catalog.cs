using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// What is there, from duckdb_columns, duckdb_views and duckdb_schemas. A catalog is small, and planning a join, a sort or a
/// list of names takes DuckDB longer than reading all of it: what remains to be done is done here.
/// </summary>
internal static class Catalog
{
    private static readonly ImmutableHashSet<string> BuiltInSchemas = ["information_schema", "pg_catalog"];

    public static async Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        Session session,
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    )
    {
        if (schemas.Count == 0)
            return [];
        // views once more, because one whose query is broken has no columns
        var rows = await session.QueryAsync(
            """
            select schema_name, table_name, column_name, data_type, is_nullable
            from duckdb_columns() where not internal and database_name = current_database()
            union all
            select schema_name, view_name, null, null, null
            from duckdb_views() where not internal and database_name = current_database()
            """,
            int.MaxValue,
            cancellationToken
        );
        var wanted = schemas.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. rows
                .Rows.Where(row => wanted.Contains(Text(row[0])))
                .GroupBy(row => (Schema: Text(row[0]), Name: Text(row[1])))
                .OrderBy(relation => relation.Key.Schema, StringComparer.Ordinal)
                .ThenBy(relation => relation.Key.Name, StringComparer.Ordinal)
                .Select(relation => new RelationInfo(
                    new RelationName(relation.Key.Schema, relation.Key.Name),
                    relation.Any(row => row[2] is null) ? RelationKind.View : RelationKind.Table,
                    [
                        .. relation
                            .Where(row => row[2] is not null)
                            .Select(row => new ColumnSchema(Text(row[2]), Text(row[3]), row[4] is true)),
                    ]
                )),
        ];
    }

    public static async Task<ImmutableArray<string>> ListSchemasAsync(
        Session session,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            "select schema_name from duckdb_schemas() where database_name = current_database()",
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows
                .Rows.Select(row => Text(row[0]))
                .Where(schema => !BuiltInSchemas.Contains(schema))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Text(object? value) =>
        value as string
        ?? throw new InvalidOperationException("DuckDB's catalog gave no text where it always does");
}
