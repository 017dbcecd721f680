using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>Queries that somebody has typed: they can read everything and change nothing.</summary>
public abstract class ReadOnlySuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    [Theory]
    [InlineData("drop table {t}")]
    [InlineData("delete from {t}")]
    [InlineData("update {t} set i = 100")]
    [InlineData("insert into {t} values (100)")]
    [InlineData("insert into {t} values (100) returning i")]
    [InlineData("create table {t}_2 as select 1 as i")]
    [InlineData("alter table {t} add column j int")]
    [InlineData("with one as (select 1 as i) insert into {t} select i from one")]
    [InlineData("explain analyze delete from {t}")]
    [InlineData("copy (select 1) to '{file}'")]
    [InlineData("select nextval('{s}')")]
    [InlineData("commit")]
    [InlineData("-- nothing at all")]
    public async Task Read_WhatIsNoQueryOrChangesSomething_IsRefused(string sql)
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var table = $"{schema}.t";
        await session.ExecuteAsync($"create table {table} as {Engine.Series(3)}", None);
        await session.ExecuteAsync($"create sequence {schema}.s", None);
        var file = Path.Combine(Path.GetTempPath(), $"strata_{Guid.NewGuid():N}.csv");

        var error = await FailsAsync(
            session.ReadAsync(
                sql.Replace("{t}", table, StringComparison.Ordinal)
                    .Replace("{s}", $"{schema}.s", StringComparison.Ordinal)
                    .Replace("{file}", file, StringComparison.Ordinal),
                10,
                None
            )
        );

        error.Kind.ShouldBe(EngineErrorKind.ReadOnly);
        File.Exists(file).ShouldBeFalse();
        (await ScalarAsync(session, $"select sum(i) from {table}")).ShouldBe(
            await ScalarAsync(session, $"select sum(i) from ({Engine.Series(3)}) as s")
        );
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem();
        (await ScalarAsync(session, $"select nextval('{schema}.s')")).ShouldBe(1L);
        // the session is as it was
        await session.ExecuteAsync($"insert into {table} values (7)", None);
    }

    [Theory]
    [InlineData("select 1 as x; drop table {t}")]
    [InlineData("commit; drop table {t}")]
    [InlineData("rollback; drop table {t}; select 1 as x")]
    public async Task Read_SeveralStatements_AreRefusedAndNoneRuns(string sql)
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create table {schema}.t (i int)", None);

        var error = await FailsAsync(
            session.ReadAsync(sql.Replace("{t}", $"{schema}.t", StringComparison.Ordinal), 10, None)
        );

        error.Kind.ShouldBe(EngineErrorKind.Statement);
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Read_Query_GivesItsRowsAndStopsAtTheLimit()
    {
        await using var session = await Engine.OpenAsync();

        var rows = await session.ReadAsync($"{Engine.Series(100_000)};", 2, None);

        rows.Rows.Length.ShouldBe(2);
        rows.IsTruncated.ShouldBeTrue();
        (await session.ReadAsync("select 'a' as x -- note", 2, None)).Scalar.ShouldBe("a");
        (await session.ReadAsync("explain select 1", 100, None)).Rows.ShouldNotBeEmpty();
        await using var transaction = await session.BeginAsync(None);
        await transaction.CommitAsync(None);
    }

    [Fact]
    public async Task Read_WrongQuery_PointsAtTheWord()
    {
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(session.ReadAsync("select nope from (select 1 as a) t", 10, None));
        error.Kind.ShouldBe(EngineErrorKind.Statement);
        error.Position.ShouldBe("select ".Length);
    }
}
