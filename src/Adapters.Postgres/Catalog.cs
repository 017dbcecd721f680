using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Postgres;

/// <summary>What is there, from pg_catalog; other users' temporary tables and the system's own schemas left out.</summary>
internal static class Catalog
{
    /// <summary>
    /// The type of a column <c>a</c> with its modifiers; that of a domain, or of a domain over one, is what it is a domain over, as queries have
    /// it. (Any depth would take a recursive query, which the server takes for so costly that it compiles it, for 0.1 s.)
    /// </summary>
    private const string TypeOfColumn = """
        case when o.typtype = 'd' then format_type(o.typbasetype, o.typtypmod)
            when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
            else format_type(a.atttypid, a.atttypmod) end
        """;

    private const string JoinTypes = """
        left join pg_type t on t.oid = a.atttypid
        left join pg_type o on t.typtype = 'd' and o.oid = t.typbasetype
        """;

    public static async Task<ImmutableArray<RelationInfo>> ListRelationsAsync(
        Session session,
        IReadOnlyCollection<string> schemas,
        CancellationToken cancellationToken
    )
    {
        if (schemas.Count == 0)
            return [];
        var names = string.Join(", ", schemas.Select(PostgresDialect.Instance.QuoteString));
        var rows = await session.QueryAsync(
            $"""
            select n.nspname::text, c.relname::text, c.relkind::text,
                a.attname::text, {TypeOfColumn}, not a.attnotnull
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            {JoinTypes}
            where n.nspname in ({names}) and c.relkind in ('r', 'p', 'v', 'm', 'f')
            order by n.nspname, c.relname, a.attnum
            """,
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows
                .Rows.GroupBy(row => (Schema: Text(row[0]), Name: Text(row[1]), Kind: Text(row[2])))
                .Select(relation => new RelationInfo(
                    new RelationName(relation.Key.Schema, relation.Key.Name),
                    relation.Key.Kind switch
                    {
                        "r" or "p" => RelationKind.Table,
                        "v" => RelationKind.View,
                        _ => RelationKind.Other,
                    },
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
            select nspname::text from pg_namespace
            where nspname <> 'information_schema' and nspname !~ '^pg_'
            order by nspname
            """,
            int.MaxValue,
            cancellationToken
        );
        return [.. rows.Rows.Select(row => Text(row[0]))];
    }

    public static async Task<ImmutableArray<ColumnSchema>> DescribeRelationAsync(
        Session session,
        RelationName relation,
        CancellationToken cancellationToken
    )
    {
        var name = PostgresDialect.Instance.Quote(relation);
        var rows = await session.QueryAsync(
            $"""
            select a.attname::text, {TypeOfColumn}
            from pg_attribute a
            {JoinTypes}
            where a.attrelid = to_regclass({PostgresDialect.Instance.QuoteString(
                name
            )}) and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """,
            int.MaxValue,
            cancellationToken
        );
        // the error of a relation that is not there is the server's to give
        return rows.Rows.IsEmpty
            ? await DescribeQueryAsync(session, $"select * from {name}", cancellationToken)
            : [.. rows.Rows.Select(row => new ColumnSchema(Text(row[0]), Text(row[1])))];
    }

    public static async Task<ImmutableArray<ColumnSchema>> DescribeQueryAsync(
        Session session,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var columns = await session.DescribeAsync(sql, cancellationToken);
        var names = await TypeNamesAsync(session, columns, cancellationToken);
        return [.. columns.Select((column, i) => new ColumnSchema(column.Name, names[i]))];
    }

    /// <summary>The types as the server writes them; Npgsql knows only those that were there when it first connected.</summary>
    private static async Task<ImmutableArray<string>> TypeNamesAsync(
        Session session,
        ImmutableArray<ResultColumn> columns,
        CancellationToken cancellationToken
    )
    {
        var unknown = columns
            .Where(c => c.Oid >= TypeOids.FirstOfUsers)
            .Select(c => c.Oid)
            .Distinct()
            .ToArray();
        if (unknown.Length == 0)
            return [.. columns.Select(column => column.Type)];
        var oids = string.Join(", ", unknown.Select(oid => oid.ToString(CultureInfo.InvariantCulture)));
        var rows = await session.QueryAsync(
            $"select oid, format_type(oid, null) from pg_type where oid in ({oids})",
            int.MaxValue,
            cancellationToken
        );
        var names = rows.Rows.ToDictionary(
            row => Convert.ToUInt32(row[0], CultureInfo.InvariantCulture),
            row => Text(row[1])
        );
        return [.. columns.Select(column => names.GetValueOrDefault(column.Oid, column.Type))];
    }

    private static string Text(object? value) =>
        value as string
        ?? throw new InvalidOperationException("pg_catalog gave no text where it always does");
}
