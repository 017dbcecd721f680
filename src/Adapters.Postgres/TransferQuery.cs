using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>
/// A query as COPY runs it: columns of types that users and extensions made are cast to built-in ones.
/// </summary>
/// <param name="Sql">The query, in an outer one where a column needs a cast; without a semicolon at its end.</param>
/// <param name="PrefixLength">Characters in front of the caller's text.</param>
/// <param name="Oids">The types that the columns arrive in.</param>
internal sealed record TransferQuery(
    string Sql,
    int PrefixLength,
    ImmutableArray<TransferColumn> Columns,
    ImmutableArray<uint> Oids
)
{
    public static async Task<TransferQuery> PrepareAsync(
        Session session,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var columns = await session.DescribeAsync(sql, cancellationToken);
        var userTypes = await ReadUserTypesAsync(session, columns, cancellationToken);
        var carried = columns
            .Select(column =>
                userTypes.TryGetValue(column.Oid, out var type)
                    ? (type.Transfer, type.Oid, type.Cast, SourceType: type.Name)
                    : (Types.ToTransfer(column), column.Oid, Cast: null, SourceType: column.Type)
            )
            .ToArray();
        var body = SqlShape.WithoutTerminator(sql);
        var prefix = "";
        if (carried.Any(c => c.Cast is not null))
        {
            // by position: names may be repeated or odd
            var expressions = carried.Select(
                (c, i) =>
                    c.Cast is { } cast ? string.Format(CultureInfo.InvariantCulture, cast, $"c{i}") : $"c{i}"
            );
            prefix = $"select {string.Join(", ", expressions)} from (";
            body = $"{prefix}{body}\n) as q({string.Join(", ", carried.Select((_, i) => $"c{i}"))})";
        }
        return new TransferQuery(
            body,
            prefix.Length,
            [
                .. columns.Select(
                    (column, i) => new TransferColumn(column.Name, carried[i].Item1, carried[i].SourceType)
                ),
            ],
            [.. carried.Select(c => c.Item2)]
        );
    }

    public void RefuseUnsupported()
    {
        if (
            Columns.FirstOrDefault(column => Leaf(column.Type).Kind == TransferKind.Unsupported) is { } column
        )
            throw Errors.Of(
                EngineErrorKind.Unsupported,
                $"column '{column.Name}' is of type {column.SourceType}, which cannot leave postgres",
                $"cast {column.Name} to text"
            );
    }

    private static TransferType Leaf(TransferType type) => type.Element is { } element ? Leaf(element) : type;

    private static async Task<Dictionary<uint, UserType>> ReadUserTypesAsync(
        Session session,
        ImmutableArray<ResultColumn> columns,
        CancellationToken cancellationToken
    )
    {
        var oids = columns.Where(c => c.Oid >= TypeOids.FirstOfUsers).Select(c => c.Oid).Distinct().ToArray();
        if (oids.Length == 0)
            return [];
        var list = string.Join(", ", oids.Select(oid => oid.ToString(CultureInfo.InvariantCulture)));
        // a domain arrives as the type that it is over, also within an array
        var rows = await session.QueryAsync(
            $"""
            select t.oid, format_type(t.oid, null), t.typtype::text, t.typcategory::text,
                e.typtype::text, e.typcategory::text
            from pg_type t left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
            where t.oid in ({list})
            """,
            int.MaxValue,
            cancellationToken
        );
        return rows.Rows.ToDictionary(
            row => Convert.ToUInt32(row[0], CultureInfo.InvariantCulture),
            row =>
                row[4] is string elementType
                    ? UserType.Array($"{row[1]}", elementType, $"{row[5]}")
                    : UserType.Scalar($"{row[1]}", $"{row[2]}", $"{row[3]}")
        );
    }

    private sealed record UserType(string Name, TransferType Transfer, uint Oid, string? Cast)
    {
        private const uint TextArray = 1009;

        public static UserType Scalar(string name, string kind, string category) =>
            (kind, category) switch
            {
                ("e", _) or (_, "S") => new(name, new(TransferKind.Text), TypeOids.Text, "{0}::text"),
                ("c", _) => new(name, new(TransferKind.Json), TypeOids.Jsonb, "to_jsonb({0})"),
                _ => new(name, new(TransferKind.Unsupported), 0, null),
            };

        public static UserType Array(string name, string elementKind, string elementCategory) =>
            (elementKind, elementCategory) switch
            {
                ("e", _) or (_, "S") => new(
                    name,
                    new(TransferKind.List) { Element = new(TransferKind.Text) },
                    TextArray,
                    "{0}::text[]"
                ),
                ("c", _) => new(name, new(TransferKind.Json), TypeOids.Jsonb, "to_jsonb({0})"),
                _ => new(name, new(TransferKind.Unsupported), 0, null),
            };
    }
}
