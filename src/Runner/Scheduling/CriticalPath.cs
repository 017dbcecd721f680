namespace Strata.Runner.Scheduling;

/// <summary>How much work hangs on an item: its own and the longest chain of what waits for it.</summary>
public static class CriticalPath
{
    /// <summary>What an item of unknown duration counts, so that longer chains come first all the same.</summary>
    public static readonly TimeSpan Unknown = TimeSpan.FromMilliseconds(1);

    /// <param name="items">Dependencies before what depends on them.</param>
    public static IReadOnlyDictionary<string, TimeSpan> Compute(IReadOnlyList<WorkItem> items)
    {
        var behind = items.ToDictionary(item => item.Id, _ => TimeSpan.Zero);
        var total = new Dictionary<string, TimeSpan>(items.Count);
        foreach (var item in items.Reverse())
        {
            total[item.Id] = behind[item.Id] + (item.Duration > Unknown ? item.Duration : Unknown);
            foreach (var parent in item.DependsOn)
            {
                if (behind[parent] < total[item.Id])
                    behind[parent] = total[item.Id];
            }
        }
        return total;
    }
}
