using Strata.Adapters.Conformance.Engines;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>One writer at a time, also across processes, and no lock that outlives its holder.</summary>
public abstract class LockSuite(EngineUnderTest engine) : AdapterSuite(engine)
{
    [Fact]
    public async Task TryLock_Free_IsTakenAndGivenBack()
    {
        var first = await Engine.Adapter.TryLockStateAsync("run-1", None);
        first.ShouldNotBeNull();
        await first.DisposeAsync();
        var second = await Engine.Adapter.TryLockStateAsync("run-2", None);
        second.ShouldNotBeNull();
        await second.DisposeAsync();
        (await Engine.Adapter.FindLockHolderAsync(None)).ShouldBeNull();
    }

    [Fact]
    public async Task TryLock_HeldByAnotherAdapter_IsRefusedAndTheHolderNamed()
    {
        await using var other = Engine.CreateAdapter();
        await using (var held = await other.TryLockStateAsync("run-of-other", None))
        {
            held.ShouldNotBeNull();
            (await Engine.Adapter.TryLockStateAsync("run-1", None)).ShouldBeNull();
            (await Engine.Adapter.FindLockHolderAsync(None)).ShouldNotBeNull().ShouldContain("run-of-other");
        }
        await using var mine = await Engine.Adapter.TryLockStateAsync("run-1", None);
        mine.ShouldNotBeNull();
    }

    [Fact]
    public async Task TryLock_HeldByAnotherProcess_IsRefusedUntilThatProcessDies()
    {
        // a database that this process has not opened yet
        var engine = (EngineUnderTest)Activator.CreateInstance(Engine.GetType())!;
        using var other = await LockProbe.StartAsync(engine);
        await using var adapter = engine.CreateAdapter();
        (await adapter.TryLockStateAsync("run-1", None)).ShouldBeNull();
        var holder = (await adapter.FindLockHolderAsync(None)).ShouldNotBeNull();
        holder.ShouldContain(
            Engine.Adapter.Capabilities.ConcurrentReaders ? LockProbe.RunId : $"PID {other.Id}"
        );

        await other.KillAsync();
        await using var mine = await TryLockForAWhileAsync(adapter);
        mine.ShouldNotBeNull();
        await adapter.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Lock_WhileHeld_DoesNotHinderOwnSessions()
    {
        await using var held = await Engine.Adapter.TryLockStateAsync("run-1", None);
        await using var session = await Engine.OpenAsync();
        (await ScalarAsync(session, "select 1")).ShouldBe(1L);
    }

    // the server notices a dead client a moment later
    private static async Task<Runner.Adapters.IStateLock?> TryLockForAWhileAsync(
        Runner.Adapters.IAdapter adapter
    )
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (await adapter.TryLockStateAsync("run-1", None) is { } taken)
                return taken;
            await Task.Delay(100);
        }
        return null;
    }
}
