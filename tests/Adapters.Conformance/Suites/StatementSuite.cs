using System.Globalization;
using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>Statements, queries and their values.</summary>
public abstract class StatementSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    public static TheoryData<string> Literals { get; } =
        new()
        {
            "",
            "plain",
            "it's",
            "''",
            "back\\slash",
            "trailing\\",
            "\\'; drop table x; --",
            "new\nline\r\n\ttab",
            "$$dollar$$ $1 :name @name ?",
            "日本語 🦆 e\u0301",
            "\u0001control\u001f",
            "{{ template }}",
        };

    [Theory]
    [MemberData(nameof(Literals))]
    public async Task QuoteString_AnyText_ComesBack(string text)
    {
        await using var session = await Engine.OpenAsync();
        var value = await ScalarAsync(session, $"select {Dialect.QuoteString(text)}");
        value.ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    [InlineData("-- only a comment")]
    [InlineData("/* only\n a comment */")]
    public async Task Execute_NothingToDo_DoesNothing(string sql)
    {
        await using var session = await Engine.OpenAsync();
        await session.ExecuteAsync(sql, None);
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    [Theory]
    [InlineData("select 1 as x;")]
    [InlineData("select 1 as x -- note")]
    [InlineData("/* note */ select 1 as x ; -- note")]
    public async Task Query_TrailingNoise_IsIgnored(string sql)
    {
        await using var session = await Engine.OpenAsync();
        (await ScalarAsync(session, sql)).ShouldBe(1L);
    }

    [Fact]
    public async Task Session_HasStreamedRows_WhereTheEngineReadsFiles()
    {
        await using var session = await Engine.OpenAsync();
        (session.StreamedRows is not null).ShouldBe(Engine.Adapter.Capabilities.ReadsFiles);
    }

    [Fact]
    public async Task Execute_TwoStatements_AreRefusedAndNeitherRuns()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var error = await FailsAsync(
            session.ExecuteAsync(
                $"create table {Quote(schema, "a")} (i int); create table {Quote(schema, "b")} (i int)",
                None
            )
        );
        error.Kind.ShouldBe(EngineErrorKind.Statement);
        (await session.ListRelationsAsync([schema], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Execute_ChangesOfRows_AreCounted()
    {
        await using var session = await Engine.OpenAsync();
        var table = Quote(await Engine.CreateSchemaAsync(session), "t");
        (await session.ExecuteAsync($"create table {table} as {Engine.Series(7)}", None)).ShouldBe(7);
        (await session.ExecuteAsync($"insert into {table} select i + 100 from {table}", None)).ShouldBe(7);
        (await session.ExecuteAsync($"update {table} set i = i + 1 where i < 3", None)).ShouldBe(3);
        (await session.ExecuteAsync($"delete from {table} where i >= 100", None)).ShouldBe(7);
        (await session.ExecuteAsync($"drop table {table}", None)).ShouldBe(-1);
    }

    [Fact]
    public async Task Query_ValuesOfCommonTypes_ArePlainClrValues()
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync(
            """
            select true, cast(1 as smallint), cast(-2 as integer), cast(9223372036854775807 as bigint),
                cast(12345.678 as numeric(10, 3)), cast(0.5 as double precision), cast(0.25 as real), 'text',
                cast('2024-02-29' as date), cast('23:59:59.999999' as time),
                cast('2024-02-29 12:34:56.789' as timestamp),
                cast('2024-02-29 12:34:56.789+02' as timestamp with time zone),
                cast('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as uuid), cast(null as integer)
            """,
            1,
            None
        );
        rows.Rows.ShouldHaveSingleItem()
            .ShouldBe([
                true,
                1L,
                -2L,
                long.MaxValue,
                12345.678m,
                0.5,
                0.25f,
                "text",
                new DateOnly(2024, 2, 29),
                new TimeOnly(23, 59, 59).Add(TimeSpan.FromMicroseconds(999_999)),
                new DateTime(2024, 2, 29, 12, 34, 56, 789),
                new DateTimeOffset(2024, 2, 29, 10, 34, 56, 789, TimeSpan.Zero),
                Guid.Parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                null,
            ]);
    }

    [Fact]
    public async Task Query_ValuesBeyondClrTypes_AreTheEnginesText()
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync(
            """
            select cast('infinity' as date), cast('-infinity' as timestamp), cast('infinity' as timestamptz),
                cast('12345678901234567890123456789012345678' as numeric(38, 0)),
                cast('-0.12345678901234567890123456789012345678' as numeric(38, 38))
            """,
            1,
            None
        );
        var row = rows.Rows.ShouldHaveSingleItem();
        row.ShouldBe([
            "infinity",
            "-infinity",
            "infinity",
            "12345678901234567890123456789012345678",
            "-0.12345678901234567890123456789012345678",
        ]);
    }

    [Fact]
    public async Task Query_AggregatesOfIntegers_CanBeReadAsLong()
    {
        await using var session = await Engine.OpenAsync();
        var sum = await ScalarAsync(session, $"select sum(i) from ({Engine.Series(1000)}) s");
        Convert.ToInt64(sum, CultureInfo.InvariantCulture).ShouldBe(499_500);
        var count = await ScalarAsync(session, $"select count(*) from ({Engine.Series(1000)}) s");
        count.ShouldBe(1000L);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10, 10, true)]
    [InlineData(5000, 5000, true)]
    [InlineData(10_000, 10_000, false)]
    [InlineData(20_000, 10_000, false)]
    public async Task Query_MaxRows_TruncatesAndSaysSo(int maxRows, int expected, bool isTruncated)
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync(Engine.Series(10_000), maxRows, None);
        rows.Rows.Length.ShouldBe(expected);
        rows.IsTruncated.ShouldBe(isTruncated);
        (await ScalarAsync(session, "select 1")).ShouldBe(1L, "the session must be usable afterwards");
    }

    [Fact]
    public async Task Query_TruncatedWithinTransaction_LeavesItIntact()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await using (var transaction = await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"create table {Quote(schema, "t")} (i int)", None);
            (await session.QueryAsync(Engine.Series(100_000), 5, None)).IsTruncated.ShouldBeTrue();
            await transaction.CommitAsync(None);
        }
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Query_NoRows_StillHasColumns()
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync("select 1 as a, 'x' as b where 1 = 0", 10, None);
        rows.Rows.ShouldBeEmpty();
        rows.IsTruncated.ShouldBeFalse();
        rows.Columns.Select(c => c.Name).ShouldBe(["a", "b"]);
        rows.Scalar.ShouldBeNull();
    }

    [Fact]
    public async Task Query_RepeatedColumnNames_AreKept()
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync("select 1 as a, 2 as a", 10, None);
        rows.Columns.Select(c => c.Name).ShouldBe(["a", "a"]);
        rows.Rows[0].ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task NullSafeEquals_AllPairs_AreTrueOrFalse()
    {
        await using var session = await Engine.OpenAsync();
        var rows = await session.QueryAsync(
            $"""
            select {Dialect.NullSafeEquals("a", "b")}
            from (values (1, 1, 1), (2, 1, 2), (3, 1, null), (4, null, 1), (5, null, null)) as v(n, a, b)
            order by n
            """,
            10,
            None
        );
        rows.Rows.Select(row => row[0]).ShouldBe([true, false, false, false, true]);
    }

    [Fact]
    public async Task Session_TimeZone_IsUtc()
    {
        await using var session = await Engine.OpenAsync();
        var value = await ScalarAsync(
            session,
            "select cast(cast('2024-07-01 12:00:00+02' as timestamptz) as varchar)"
        );
        value.ShouldBe("2024-07-01 10:00:00+00");
    }

    [Fact]
    public async Task Check_WorkingConnection_ReportsVersionAndFacts()
    {
        var report = await Engine.Adapter.CheckAsync(None);
        report.Version.ShouldMatch(@"^\w+ v?\d+\.\d+");
        report.Facts.ShouldNotBeEmpty();
    }
}
