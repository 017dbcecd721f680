using Strata.Adapters.Conformance.Engines;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>Names, and what is there under them.</summary>
public abstract class CatalogSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    public static TheoryData<string> Names => HostileNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HostileName_AsSchemaTableAndColumn_LivesThroughEverything(string name)
    {
        await using var session = await Engine.OpenAsync();
        // the engine may not keep case variants apart, so each gets a database part of its own
        var schema = $"{name} {Guid.NewGuid():N}"[..Math.Min(name.Length + 9, 40)];
        schema = Fit(schema);
        var table = new RelationName(schema, name);
        var renamed = new RelationName(schema, Fit("r" + name));
        var column = Dialect.QuoteIdentifier(name);
        await session.ExecuteAsync($"create schema {Dialect.QuoteIdentifier(schema)}", None);
        (await session.ListSchemasAsync(None)).ShouldContain(schema);

        await session.ExecuteAsync($"create table {Dialect.Quote(table)} ({column} int, other int)", None);
        await session.ExecuteAsync($"insert into {Dialect.Quote(table)} ({column}) values (7)", None);
        (await ScalarAsync(session, $"select {column} from {Dialect.Quote(table)}")).ShouldBe(7L);

        var info = (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem();
        info.Name.ShouldBe(table);
        info.Kind.ShouldBe(RelationKind.Table);
        info.Columns.Select(c => c.Name).ShouldBe([name, "other"]);

        var described = await session.DescribeQueryAsync(
            $"select {column} from {Dialect.Quote(table)}",
            None
        );
        described.ShouldHaveSingleItem().Name.ShouldBe(name);
        (await session.DescribeRelationAsync(table, None)).Select(c => c.Name).ShouldBe([name, "other"]);

        await session.ExecuteAsync(
            $"alter table {Dialect.Quote(table)} rename to {Dialect.QuoteIdentifier(renamed.Name)}",
            None
        );
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem().Name.ShouldBe(renamed);

        await session.ExecuteAsync(
            $"create view {Dialect.Quote(table)} as select {column} from {Dialect.Quote(renamed)}",
            None
        );
        var relations = await session.ListRelationsAsync([schema], None);
        relations.Single(r => r.Name == table).Kind.ShouldBe(RelationKind.View);
        relations.Single(r => r.Name == table).Columns.ShouldHaveSingleItem().Name.ShouldBe(name);

        await session.ExecuteAsync($"drop view {Dialect.Quote(table)}", None);
        await session.ExecuteAsync($"drop table {Dialect.Quote(renamed)}", None);
        await session.ExecuteAsync($"drop schema {Dialect.QuoteIdentifier(schema)}", None);
        (await session.ListSchemasAsync(None)).ShouldNotContain(schema);
    }

    [Fact]
    public async Task CaseVariants_InOneSchema_AreDifferentOnlyWhereTheDialectSaysSo()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create table {Quote(schema, "Orders")} (i int)", None);
        var second = session.ExecuteAsync($"create table {Quote(schema, "orders")} (i int)", None);
        if (!Dialect.FoldsCase)
            await second;
        else
            await FailsAsync(second);
    }

    [Fact]
    public async Task ListRelations_Columns_HaveTypesThatFitADefinition()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var table = Quote(schema, "t");
        await session.ExecuteAsync(
            $"create table {table} (a int not null, b numeric(12, 3), c varchar, d timestamptz, e int[], f double precision)",
            None
        );
        var columns = (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem().Columns;
        columns.Select(c => c.Nullable).ShouldBe([false, true, true, true, true, true]);
        var definition = string.Join(
            ", ",
            columns.Select(c => $"{Dialect.QuoteIdentifier(c.Name)} {c.Type}")
        );
        await session.ExecuteAsync($"create table {Quote(schema, "again")} ({definition})", None);
        var again = (await session.ListRelationsAsync([schema], None)).Single(r => r.Name.Name == "again");
        again.Columns.Select(c => c.Type).ShouldBe(columns.Select(c => c.Type));
    }

    [Fact]
    public async Task DescribeQuery_Columns_HaveTheTypesOfTheTable()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var table = Quote(schema, "t");
        await session.ExecuteAsync(
            $"create table {table} (a int, b numeric(12, 3), b0 numeric(7, 0), c varchar, d timestamptz, e int[], f double precision, "
                + "g date, h timestamp, i time, j varchar(10), k numeric(5, 0)[], l interval)",
            None
        );
        var listed = (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem().Columns;
        var described = await session.DescribeQueryAsync(
            $"with q as (select * from {table}) select * from q",
            None
        );
        described.ShouldBe(listed);
    }

    [Fact]
    public async Task DescribeRelation_OfATableAViewAndATemporaryTable_TellsWhatIsListed()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var (table, view) = (new RelationName(schema, "t"), new RelationName(schema, "v"));
        var temporary = Dialect.Temporary("described");
        await session.ExecuteAsync(
            $"create table {Dialect.Quote(table)} (a int, b numeric(12, 3), c varchar(10), d timestamptz, e int[], l interval)",
            None
        );
        await session.ExecuteAsync(
            $"create view {Dialect.Quote(view)} as select * from {Dialect.Quote(table)}",
            None
        );
        await session.ExecuteAsync(
            $"create temporary table {Dialect.Quote(temporary)} as select * from {Dialect.Quote(table)}",
            None
        );
        var listed = await session.ListRelationsAsync([schema], None);

        foreach (var relation in new[] { table, view })
            (await session.DescribeRelationAsync(relation, None)).ShouldBe(
                listed.Single(r => r.Name == relation).Columns
            );
        (await session.DescribeRelationAsync(temporary, None)).ShouldBe(
            listed.Single(r => r.Name == table).Columns
        );
        var missing = new RelationName(schema, "none");
        (await FailsAsync(session.DescribeRelationAsync(missing, None))).Message.ShouldContain("none");
    }

    [Fact]
    public async Task DescribeQuery_EndlessQuery_IsNotRun()
    {
        await using var session = await Engine.OpenAsync();
        var describe = session.DescribeQueryAsync(Engine.EndlessQuery, None);
        (await describe.WaitAsync(TimeSpan.FromSeconds(5))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ListRelations_UnknownAndEmptySchemas_HaveNone()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        (await session.ListRelationsAsync([], None)).ShouldBeEmpty();
        (await session.ListRelationsAsync(["no such schema"], None)).ShouldBeEmpty();
        (await session.ListRelationsAsync([schema], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListSchemas_TheSystemsOwn_AreLeftOut()
    {
        await using var session = await Engine.OpenAsync();
        var schemas = await session.ListSchemasAsync(None);
        schemas.ShouldNotContain("information_schema");
        schemas.ShouldNotContain("pg_catalog");
    }

    private string Fit(string name)
    {
        while (System.Text.Encoding.UTF8.GetByteCount(name) > Math.Min(Dialect.MaxIdentifierBytes, 63))
            name = name[..^1];
        return name;
    }
}
