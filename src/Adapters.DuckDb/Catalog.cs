using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.DuckDb;

/// <summary>What is there, from duckdb_tables, duckdb_views, duckdb_columns and duckdb_schemas.</summary>
internal static class Catalog
{
    public static async Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        Session session,
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    )
    {
        if (schemas.Count == 0)
            return [];
        var names = string.Join(", ", schemas.Select(s => $"lower({DuckDbDialect.Instance.QuoteString(s)})"));
        var rows = await session.QueryAsync(
            $"""
            with relations as (
                select schema_name, table_name as name, table_oid as oid, true as is_table
                from duckdb_tables() where database_name = current_database()
                union all
                select schema_name, view_name, view_oid, false
                from duckdb_views() where database_name = current_database()
            )
            select r.schema_name, r.name, r.is_table, c.column_name, c.data_type, c.is_nullable
            from relations r
            left join duckdb_columns() c
                on c.database_name = current_database() and c.schema_name = r.schema_name and c.table_name = r.name
            where lower(r.schema_name) in ({names})
            order by r.schema_name, r.name, c.column_index
            """,
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows
                .Rows.GroupBy(row => (Schema: Text(row[0]), Name: Text(row[1]), IsTable: row[2] is true))
                .Select(relation => new RelationInfo(
                    new RelationName(relation.Key.Schema, relation.Key.Name),
                    relation.Key.IsTable ? RelationKind.Table : RelationKind.View,
                    [
                        .. relation
                            .Where(row => row[3] is not null)
                            .Select(row => new ColumnSchema(Text(row[3]), Text(row[4]), row[5] is true)),
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
            """
            select schema_name from duckdb_schemas()
            where database_name = current_database() and schema_name not in ('information_schema', 'pg_catalog')
            order by schema_name
            """,
            int.MaxValue,
            cancellationToken
        );
        return [.. rows.Rows.Select(row => Text(row[0]))];
    }

    private static string Text(object? value) =>
        value as string
        ?? throw new InvalidOperationException("DuckDB's catalog gave no text where it always does");
}
