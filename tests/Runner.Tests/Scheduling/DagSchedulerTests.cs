using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Runner.Scheduling;

namespace Strata.Runner.Tests.Scheduling;

public sealed class DagSchedulerTests
{
    private static WorkItem Item(string id, string? connection, double seconds, params string[] after) =>
        new(id, connection, [.. after], TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task RunAsync_StartsAnItemAfterAllItDependsOn()
    {
        ImmutableArray<WorkItem> items =
        [
            Item("a", "x", 1),
            Item("b", "x", 1, "a"),
            Item("c", "y", 1, "a"),
            Item("d", "x", 1, "b", "c"),
        ];
        var ended = new ConcurrentQueue<string>();

        await new DagScheduler(4, _ => 4).RunAsync(
            items,
            async item =>
            {
                item.DependsOn.ShouldBeSubsetOf(ended);
                await Task.Delay(5);
                ended.Enqueue(item.Id);
            }
        );

        ended.Count.ShouldBe(4);
    }

    [Fact]
    public async Task RunAsync_KeepsTheLimitOfEachConnectionAndOfAll()
    {
        ImmutableArray<WorkItem> items =
        [
            .. Enumerable.Range(0, 20).Select(i => Item($"i{i}", i % 2 == 0 ? "one" : "two", 1)),
        ];
        var running = new ConcurrentDictionary<string, int>();
        var most = new ConcurrentDictionary<string, int>();
        var all = 0;
        var mostOfAll = 0;

        await new DagScheduler(3, connection => connection == "one" ? 1 : 10).RunAsync(
            items,
            async item =>
            {
                var now = running.AddOrUpdate(item.Connection!, 1, (_, n) => n + 1);
                most.AddOrUpdate(item.Connection!, now, (_, n) => Math.Max(n, now));
                mostOfAll = Math.Max(mostOfAll, Interlocked.Increment(ref all));
                await Task.Delay(10);
                Interlocked.Decrement(ref all);
                running.AddOrUpdate(item.Connection!, 0, (_, n) => n - 1);
            }
        );

        most["one"].ShouldBe(1);
        most["two"].ShouldBeGreaterThan(1);
        mostOfAll.ShouldBe(3);
    }

    [Fact]
    public async Task RunAsync_TakesTheLongestChainFirst()
    {
        ImmutableArray<WorkItem> items =
        [
            Item("short", "x", 5),
            Item("head", "x", 1),
            Item("long tail", "x", 10, "head"),
        ];
        var order = new List<string>();

        await new DagScheduler(1, _ => 1).RunAsync(
            items,
            item =>
            {
                order.Add(item.Id);
                return Task.CompletedTask;
            }
        );

        order.ShouldBe(["head", "long tail", "short"]);
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_EndsTheRunAfterWhatIsUnderWay()
    {
        ImmutableArray<WorkItem> items =
        [
            Item("bad", "x", 9),
            Item("slow", "y", 1),
            Item("never", "x", 1, "slow"),
        ];
        var ended = new ConcurrentQueue<string>();

        await Should.ThrowAsync<InvalidOperationException>(() =>
            new DagScheduler(2, _ => 1).RunAsync(
                items,
                async item =>
                {
                    if (item.Id == "bad")
                        throw new InvalidOperationException("bug");
                    await Task.Delay(50);
                    ended.Enqueue(item.Id);
                }
            )
        );

        ended.ShouldBe(["slow"]);
    }
}
