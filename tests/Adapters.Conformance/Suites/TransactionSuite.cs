using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>All or nothing, and several sessions at once.</summary>
public abstract class TransactionSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    [Fact]
    public async Task Commit_DdlAndRows_AreThere()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await using (var transaction = await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"create table {Quote(schema, "t")} as {Engine.Series(3)}", None);
            await session.ExecuteAsync(
                $"create view {Quote(schema, "v")} as select * from {Quote(schema, "t")}",
                None
            );
            await transaction.CommitAsync(None);
        }
        await using var other = await Engine.OpenAsync();
        (await ScalarAsync(other, $"select count(*) from {Quote(schema, "v")}")).ShouldBe(3L);
    }

    [Fact]
    public async Task Dispose_Uncommitted_RollsBackDdlAndRows()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create table {Quote(schema, "kept")} as {Engine.Series(3)}", None);
        await using (await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"create table {Quote(schema, "gone")} (i int)", None);
            await session.ExecuteAsync($"delete from {Quote(schema, "kept")}", None);
            await session.ExecuteAsync($"alter table {Quote(schema, "kept")} rename to other", None);
        }
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem().Name.Name.ShouldBe("kept");
        (await ScalarAsync(session, $"select count(*) from {Quote(schema, "kept")}")).ShouldBe(3L);
    }

    [Fact]
    public async Task Swap_DropAndRenameInOneTransaction_IsSeenWhole()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create table {Quote(schema, "t")} as select 1 as v", None);
        await session.ExecuteAsync($"create table {Quote(schema, "stage")} as select 2 as v", None);
        await using (var transaction = await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"drop table {Quote(schema, "t")}", None);
            await session.ExecuteAsync($"alter table {Quote(schema, "stage")} rename to t", None);
            await transaction.CommitAsync(None);
        }
        (await ScalarAsync(session, $"select v from {Quote(schema, "t")}")).ShouldBe(2L);
        (await session.ListRelationsAsync([schema], None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Commit_AfterAnErrorThatAborts_FailsInsteadOfRollingBackSilently()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await session.ExecuteAsync($"create table {Quote(schema, "t")} (i int primary key)", None);
        await using (var transaction = await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"insert into {Quote(schema, "t")} values (1)", None);
            await FailsAsync(session.ExecuteAsync($"insert into {Quote(schema, "t")} values (1)", None));
            await FailsAsync(transaction.CommitAsync(None));
        }
        (await ScalarAsync(session, $"select count(*) from {Quote(schema, "t")}")).ShouldBe(0L);
        await using (var next = await session.BeginAsync(None))
            await next.CommitAsync(None);
    }

    [Fact]
    public async Task Readers_WhileAWriterIsInTransaction_SeeTheOldState()
    {
        await using var writer = await Engine.OpenAsync();
        await using var reader = await Engine.OpenAsync();
        var table = Quote(await Engine.CreateSchemaAsync(writer), "t");
        await writer.ExecuteAsync($"create table {table} as {Engine.Series(5)}", None);
        await using (var transaction = await writer.BeginAsync(None))
        {
            await writer.ExecuteAsync($"delete from {table}", None);
            (await ScalarAsync(reader, $"select count(*) from {table}")).ShouldBe(5L);
            await transaction.CommitAsync(None);
        }
        (await ScalarAsync(reader, $"select count(*) from {table}")).ShouldBe(0L);
    }

    [Fact]
    public async Task Sessions_WritingDifferentTablesAtOnce_AllSucceed()
    {
        await using var setup = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(setup);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(WriteAsync));
        (await setup.ListRelationsAsync([schema], None)).Length.ShouldBe(6);

        async Task WriteAsync(int n)
        {
            await using var session = await Engine.OpenAsync();
            await using var transaction = await session.BeginAsync(None);
            await session.ExecuteAsync(
                $"create table {Quote(schema, $"t{n}")} as {Engine.Series(1000)}",
                None
            );
            await session.ExecuteAsync($"insert into {Quote(schema, $"t{n}")} {Engine.Series(10)}", None);
            await transaction.CommitAsync(None);
        }
    }

    [Fact]
    public async Task Writers_OnTheSameRow_ConflictIsTransient()
    {
        await using var first = await Engine.OpenAsync();
        await using var second = await Engine.OpenAsync();
        var table = Quote(await Engine.CreateSchemaAsync(first), "t");
        await first.ExecuteAsync($"create table {table} as select 1 as i", None);
        await using var one = await first.BeginAsync(None);
        await using var two = await second.BeginAsync(None);
        await Engine.BoundLockWaitAsync(second);
        await first.ExecuteAsync($"update {table} set i = 2", None);
        var error = await FailsAsync(second.ExecuteAsync($"update {table} set i = 3", None));
        error.Kind.ShouldBe(EngineErrorKind.Conflict);
        error.IsTransient.ShouldBeTrue();
        await one.CommitAsync(None);
    }
}
