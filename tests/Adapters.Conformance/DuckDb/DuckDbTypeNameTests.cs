using System.Collections.Immutable;
using Strata.Adapters.Conformance.Engines;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance.DuckDb;

/// <summary>A type has one spelling, whether a query or the catalog is asked: types are compared by it.</summary>
public sealed class DuckDbTypeNameTests(DuckDbEngine engine) : IClassFixture<DuckDbEngine>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ImmutableArray<string> Types =
    [
        "boolean",
        "tinyint",
        "smallint",
        "integer",
        "bigint",
        "hugeint",
        "utinyint",
        "usmallint",
        "uinteger",
        "ubigint",
        "uhugeint",
        "bignum",
        "float",
        "double",
        "decimal",
        "decimal(4,1)",
        "decimal(38,0)",
        "varchar(10)",
        "json",
        "blob",
        "bit",
        "uuid",
        "date",
        "time",
        "timetz",
        "time_ns",
        "timestamp",
        "timestamp_s",
        "timestamp_ms",
        "timestamp_ns",
        "timestamptz",
        "interval",
        "integer[]",
        "integer[3]",
        "decimal(9,2)[][2][]",
        "enum('a', 'it''s', '', 'b,c)')",
        "enum('x')[]",
        "map(varchar, integer[])",
        "map(enum('k'), struct(\"order\" double))",
        "struct(a integer)",
        "struct(a integer, b struct(c varchar, d decimal(3,1)[]))[]",
        "struct(\"Mixed\" integer, lower1 integer, \"_\" integer, \"1st\" integer, a1b_ integer)",
        "struct(\"we\"\"ird na.me\" integer, \"select\" integer, \"Table\" integer, \"ä\" integer, \"a-b\" integer)",
        "struct(\"value\" integer, \"date\" date, \"timestamp\" timestamp, \"key\" json, \"type\" varchar)",
        "union(num integer, str varchar)",
        "union(\"we\"\"ird na.me\" struct(\"X y\" integer), \"end\" enum('a')[2])[]",
        "map(integer, union(a union(b integer[], c time), d json))",
        "own_enum",
        "struct(e own_enum, s own_struct)",
        "own_struct[]",
    ];

    [Fact]
    public async Task Describe_ATable_GivesTheTypesOfTheCatalog()
    {
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync("create schema spelled", None);
        await session.ExecuteAsync("create type own_enum as enum ('on', 'off')", None);
        await session.ExecuteAsync("create type own_struct as struct(\"Deep er\" integer)", None);
        var list = string.Join(", ", Types.Select((type, i) => $"c{i} {type}"));
        await session.ExecuteAsync($"create table spelled.one ({list})", None);

        var catalog = await CatalogAsync(session, "one");
        (await session.DescribeQueryAsync("select * from spelled.one", None))
            .Select(column => column.Type)
            .ShouldBe(catalog);
        // what is spelled can be made
        var again = string.Join(", ", catalog.Select((type, i) => $"c{i} {type}"));
        await session.ExecuteAsync($"create table spelled.two ({again})", None);
        (await CatalogAsync(session, "two")).ShouldBe(catalog);
    }

    [Fact]
    public async Task Describe_AQuery_GivesTheTypesThatATableMadeOfItHas()
    {
        const string Query = """
            select {'a': 1, 'We ird': [{'select': 1.5}]} as s, struct_pack(x := 'a') as p, union_value(a := 1) as u,
                map {'k': {'v': date '2026-01-01'}} as m, array_value({'a': 1}, {'a': 2}) as r, [[1.25]] as l,
                'on'::own_enum_two as e, ['on'::own_enum_two] as es, {'a': 1}::own_struct_two as o
            """;
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync("create schema queried", None);
        await session.ExecuteAsync("create type own_enum_two as enum ('on', 'off')", None);
        await session.ExecuteAsync("create type own_struct_two as struct(a integer)", None);

        var described = await session.DescribeQueryAsync(Query, None);

        await session.ExecuteAsync($"create table queried.one as {Query}", None);
        described.Select(column => column.Type).ShouldBe(await CatalogAsync(session, "one", "queried"));
    }

    /// <summary>All that DuckDB knows as a word of its own, and fields of the same names in capitals.</summary>
    [Fact]
    public async Task Describe_FieldsNamedByKeywords_AreQuotedWhereTheCatalogQuotesThem()
    {
        await using var session = await engine.OpenAsync();
        await session.ExecuteAsync("create schema words", None);
        var words = await session.QueryAsync(
            "select distinct keyword_name from duckdb_keywords()",
            int.MaxValue,
            None
        );
        words.Rows.Length.ShouldBeGreaterThan(300);
        string[] names = [.. words.Rows.Select(row => (string)row[0]!)];
        var fields = names
            .Concat(names.Select(name => name.ToUpperInvariant() + "_1"))
            .Select(name => $"{DuckDbDialect.Instance.QuoteIdentifier(name)} integer");
        await session.ExecuteAsync($"create table words.one (s struct({string.Join(", ", fields)}))", None);
        // fields of one struct may not differ by their case alone
        var capitals = names.Select(name =>
            $"{DuckDbDialect.Instance.QuoteIdentifier(name.ToUpperInvariant())} integer"
        );
        await session.ExecuteAsync($"create table words.two (s struct({string.Join(", ", capitals)}))", None);

        foreach (var table in (string[])["one", "two"])
            (await session.DescribeQueryAsync($"select * from words.{table}", None))
                .Select(column => column.Type)
                .ShouldBe(await CatalogAsync(session, table, "words"));
    }

    private static async Task<ImmutableArray<string>> CatalogAsync(
        ISession session,
        string table,
        string schema = "spelled"
    )
    {
        var relations = await session.ListRelationsAsync([schema], None);
        return
        [
            .. relations
                .Single(relation => relation.Name == new RelationName(schema, table))
                .Columns.Select(column => column.Type),
        ];
    }
}
