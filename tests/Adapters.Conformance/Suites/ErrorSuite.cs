using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>What went wrong, and where.</summary>
public abstract class ErrorSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    [Theory]
    [InlineData("select 1 as amount, nope from (select 1 as a) t", "nope")]
    [InlineData("select *\nfrom no_such_table", "no_such_table")]
    [InlineData("select 'é 🦆 日本', nope from (select 1 as a) t", "nope")]
    [InlineData("-- 🦆🦆 comment é\n  select no_such_function(1)", "no_such_function")]
    [InlineData("select 1 fro m", "m")]
    public async Task Execute_WrongStatement_PointsAtTheWord(string sql, string word)
    {
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(session.ExecuteAsync(sql, None));
        error.Kind.ShouldBe(EngineErrorKind.Statement);
        error.IsTransient.ShouldBeFalse();
        error.Position.ShouldBe(sql.LastIndexOf(word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("select 1 as x, nope from (select 1 as a) t")]
    [InlineData("  select nope from (select 1 as a) t;")]
    public async Task Describe_WrongStatement_PointsAtTheWord(string sql)
    {
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(session.DescribeQueryAsync(sql, None));
        error.Kind.ShouldBe(EngineErrorKind.Statement);
        error.Position.ShouldBe(sql.IndexOf("nope", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_MisspeltColumn_HintsAtTheRightOne()
    {
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(session.ExecuteAsync("select amout from (select 1 as amount) t", None));
        error.Message.ShouldContain("amout");
        error.Hint.ShouldNotBeNull().ShouldContain("amount");
    }

    [Theory]
    [InlineData("select cast(s as integer) from (select 'x' as s) t")]
    [InlineData("select cast(100000 as smallint) from (select 1) t")]
    [InlineData("select cast('2024-02-30' as date)")]
    public async Task Execute_BadValue_IsADataError(string sql)
    {
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(session.ExecuteAsync(sql, None));
        error.Kind.ShouldBe(EngineErrorKind.Data);
        error.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Execute_ViolatedConstraint_IsADataError()
    {
        await using var session = await Engine.OpenAsync();
        var table = Quote(await Engine.CreateSchemaAsync(session), "t");
        await session.ExecuteAsync($"create table {table} (i int primary key, j int not null)", None);
        await session.ExecuteAsync($"insert into {table} values (1, 1)", None);
        (await FailsAsync(session.ExecuteAsync($"insert into {table} values (1, 1)", None))).Kind.ShouldBe(
            EngineErrorKind.Data
        );
        (await FailsAsync(session.ExecuteAsync($"insert into {table} values (2, null)", None))).Kind.ShouldBe(
            EngineErrorKind.Data
        );
    }

    [Fact]
    public async Task Session_AfterAnError_IsUsable()
    {
        await using var session = await Engine.OpenAsync();
        await FailsAsync(session.ExecuteAsync("select nope", None));
        await FailsAsync(session.QueryAsync("selec 1", 1, None));
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Execute_LateError_IsReportedLikeAnEarlyOne()
    {
        // fails far into the result, when rows have been fetched already
        await using var session = await Engine.OpenAsync();
        var error = await FailsAsync(
            session.QueryAsync(
                $"select cast(case when i = 50000 then 'x' else '1' end as integer) from ({Engine.Series(60_000)}) s",
                100_000,
                None
            )
        );
        error.Kind.ShouldBe(EngineErrorKind.Data);
    }
}
