using System.Threading.Channels;

namespace Strata.Runner.Scheduling;

/// <summary>
/// Runs work in the order of its dependencies, as much at a time as the limits allow, the longest chain first.
/// It knows nothing of success: what a failure means for the items behind it is their own decision.
/// </summary>
public sealed class DagScheduler(int threads, Func<string, int> limitOfConnection)
{
    /// <param name="items">Dependencies before what depends on them; all of them must be in the list.</param>
    /// <param name="work">Does one item. An exception ends the whole run once everything that is under way has ended.</param>
    public async Task RunAsync(IReadOnlyList<WorkItem> items, Func<WorkItem, Task> work)
    {
        var byId = items.ToDictionary(item => item.Id);
        var priority = CriticalPath.Compute(items);
        var waitingFor = items.ToDictionary(item => item.Id, item => item.DependsOn.Length);
        var dependents = items
            .SelectMany(item => item.DependsOn.Select(parent => (parent, item)))
            .ToLookup(pair => pair.parent, pair => pair.item);
        var ended = Channel.CreateUnbounded<(WorkItem Item, Exception? Error)>();
        var ready = new PriorityQueue<WorkItem, (TimeSpan, int)>();
        var order = items.Select((item, i) => (item.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var running = 0;
        var byConnection = new Dictionary<string, int>();
        Exception? failure = null;

        foreach (var item in items.Where(item => item.DependsOn.IsEmpty))
            Enqueue(item);
        while (true)
        {
            if (failure is null)
                StartWhatFits();
            if (running == 0)
                break;
            var (item, error) = await ended.Reader.ReadAsync();
            running--;
            if (item.Connection is { } connection)
                byConnection[connection]--;
            failure ??= error;
            foreach (var next in dependents[item.Id])
            {
                if (--waitingFor[next.Id] == 0)
                    Enqueue(next);
            }
        }
        if (failure is not null)
            throw new InvalidOperationException(
                $"work could not be scheduled to its end: {failure.Message}",
                failure
            );

        void Enqueue(WorkItem item) => ready.Enqueue(byId[item.Id], (-priority[item.Id], order[item.Id]));

        void StartWhatFits()
        {
            var passedOver = new List<WorkItem>();
            while (running < threads && ready.TryDequeue(out var item, out _))
            {
                if (
                    item.Connection is { } connection
                    && byConnection.GetValueOrDefault(connection)
                        >= Math.Max(1, limitOfConnection(connection))
                )
                {
                    passedOver.Add(item);
                    continue;
                }
                running++;
                if (item.Connection is { } used)
                    byConnection[used] = byConnection.GetValueOrDefault(used) + 1;
                _ = RunOneAsync(item);
            }
            foreach (var item in passedOver)
                Enqueue(item);
        }

        async Task RunOneAsync(WorkItem item)
        {
            // off the coordinating loop, so that work which does not really wait does not hold it up
            await Task.Yield();
            Exception? error = null;
            try
            {
                await work(item);
            }
            catch (Exception e)
            {
                error = e;
            }
            ended.Writer.TryWrite((item, error));
        }
    }
}
