using System.Collections.Immutable;

namespace Strata.Runner.Microbatches;

/// <summary>
/// Which periods are built at once. A stage and a publish cost the same for no rows as for a few, and a model that begins years before
/// its data has thousands of periods without any: those that follow each other are one step.
/// </summary>
public static class PeriodGroups
{
    /// <summary>Fewer periods than this are not worth asking which of them have rows.</summary>
    public const int WorthAsking = 4;

    /// <summary>Every period by itself.</summary>
    public static ImmutableArray<ImmutableArray<BatchPeriod>> Single(ImmutableArray<BatchPeriod> periods) =>
        [.. periods.Select(period => ImmutableArray.Create(period))];

    /// <param name="periods">In order of time.</param>
    /// <param name="filled">Where the periods begin in which an input has rows.</param>
    /// <returns>The periods that have rows one by one, and those between them together.</returns>
    public static ImmutableArray<ImmutableArray<BatchPeriod>> Of(
        ImmutableArray<BatchPeriod> periods,
        IReadOnlySet<DateTimeOffset> filled
    )
    {
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<BatchPeriod>>();
        var empty = ImmutableArray.CreateBuilder<BatchPeriod>();
        foreach (var period in periods)
        {
            if (period.Start is { } start && !filled.Contains(start))
            {
                empty.Add(period);
                continue;
            }
            Close();
            groups.Add([period]);
        }
        Close();
        return groups.ToImmutable();

        void Close()
        {
            if (empty.Count > 0)
                groups.Add(empty.ToImmutable());
            empty.Clear();
        }
    }
}
