using Strata.Adapters.Conformance.Engines;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Conformance.Postgres;

/// <summary>A run lock that the server takes away, and transactions that outlive the run that began them.</summary>
public sealed class PostgresFenceTests(PostgresEngine engine) : IClassFixture<PostgresEngine>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Fence_LockHeld_LetsTheTransactionCommit()
    {
        await using var held = (await engine.Adapter.TryLockStateAsync("run-1", None)).ShouldNotBeNull();
        await using var session = await engine.Adapter.OpenSessionAsync(None);
        await using var transaction = await session.BeginAsync(None);
        await held.FenceAsync(session, None);
        await transaction.CommitAsync(None);
        held.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Lost_ConnectionEndedByTheServer_IsNoticedAndNothingPassesTheFence()
    {
        await using var held = (await engine.Adapter.TryLockStateAsync("run-lost", None)).ShouldNotBeNull();
        var noticed = new TaskCompletionSource();
        await using var registration = held.Lost.Register(noticed.SetResult);
        await using var session = await engine.Adapter.OpenSessionAsync(None);
        await session.QueryAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'strata run run-lost'",
            1,
            None
        );
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await using var transaction = await session.BeginAsync(None);
        var refused = await Should.ThrowAsync<EngineException>(() => held.FenceAsync(session, None));
        refused.Error.Kind.ShouldBe(EngineErrorKind.Connection);
        refused.Error.Message.ShouldContain("lock");
    }

    [Fact]
    public async Task TryLock_TransactionOfAnEarlierHolderUnderWay_WaitsForItsEnd()
    {
        await using var session = await engine.Adapter.OpenSessionAsync(None);
        await using var transaction = await session.BeginAsync(None);
        await using (var first = (await engine.Adapter.TryLockStateAsync("run-1", None)).ShouldNotBeNull())
            await first.FenceAsync(session, None);

        var second = engine.Adapter.TryLockStateAsync("run-2", None);
        await using (var other = await engine.Adapter.OpenSessionAsync(None))
        {
            long waiting = 0;
            while (waiting == 0 && !second.IsCompleted)
            {
                var rows = await other.QueryAsync(
                    "select count(*) from pg_locks where locktype = 'advisory' and not granted",
                    1,
                    None
                );
                waiting = (long)rows.Scalar!;
            }
            second.IsCompleted.ShouldBeFalse();
        }
        await transaction.CommitAsync(None);
        await using var held = (await second).ShouldNotBeNull();
    }
}
