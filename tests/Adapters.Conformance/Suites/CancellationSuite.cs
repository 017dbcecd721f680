using System.Diagnostics;
using Strata.Adapters.Conformance.Engines;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>Statements stop when they are told to.</summary>
public abstract class CancellationSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Execute_Cancelled_StopsSoonAndSessionIsUsable()
    {
        await using var session = await Engine.OpenAsync();
        using var source = new CancellationTokenSource();
        var running = session.ExecuteAsync(Engine.EndlessQuery, source.Token);
        await Task.Delay(200);
        running.IsCompleted.ShouldBeFalse();
        var watch = Stopwatch.StartNew();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        watch.Elapsed.ShouldBeLessThan(Limit);
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Query_Cancelled_StopsSoon()
    {
        await using var session = await Engine.OpenAsync();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<OperationCanceledException>(
            session.QueryAsync(Engine.EndlessQuery, 10, source.Token)
        );
        watch.Elapsed.ShouldBeLessThan(Limit);
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    [Fact]
    public async Task Execute_CancelledBefore_DoesNotStart()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        var token = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(
            session.ExecuteAsync($"create table {Quote(schema, "t")} (i int)", token)
        );
        (await session.ListRelationsAsync([schema], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Execute_CancelledAtAnyMoment_NeverHangsNorPoisonsTheSession()
    {
        await using var session = await Engine.OpenAsync();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            using var source = new CancellationTokenSource();
            var running = session.ExecuteAsync(Engine.EndlessQuery, source.Token);
            await Task.Delay(TimeSpan.FromMicroseconds(attempt * 50));
            await source.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(TimeSpan.FromSeconds(10)));
            (await ScalarAsync(session, $"select {attempt}")).ShouldBe((long)attempt);
        }
    }

    [Fact]
    public async Task Transaction_StatementCancelled_CanBeRolledBack()
    {
        await using var session = await Engine.OpenAsync();
        var schema = await Engine.CreateSchemaAsync(session);
        await using (await session.BeginAsync(None))
        {
            await session.ExecuteAsync($"create table {Quote(schema, "t")} (i int)", None);
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await Should.ThrowAsync<OperationCanceledException>(
                session.ExecuteAsync(Engine.EndlessQuery, source.Token)
            );
        }
        (await session.ListRelationsAsync([schema], None)).ShouldBeEmpty();
    }
}
