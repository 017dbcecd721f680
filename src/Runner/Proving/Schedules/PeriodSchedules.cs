using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Proving.Schedules;

/// <summary>
/// Schedules of a model that builds periods of event time: rows come as time goes by, and none so late that the
/// lookback would not reach it. Pure: the same seed gives the same schedules.
/// </summary>
internal sealed class PeriodSchedules(
    MicrobatchConfig config,
    ImmutableArray<Delivery> before,
    ImmutableArray<(Delivery Row, DateTimeOffset At)> arriving,
    int seed
)
{
    private static readonly ImmutableArray<ScheduleKind> Kinds =
    [
        ScheduleKind.InOrder,
        ScheduleKind.Late,
        ScheduleKind.EmptyBatch,
        ScheduleKind.PeriodByPeriod,
    ];

    private readonly ImmutableArray<DateTimeOffset> _starts =
    [
        .. arriving.Select(one => Calendar.Floor(config.Size, one.At)).Distinct().Order(),
    ];

    /// <summary>Every row at the end of the last period.</summary>
    public Schedule AtOnce() =>
        new(ScheduleKind.AtOnce, [before.AddRange(arriving.Select(one => one.Row))])
        {
            Clocks = [Within(_starts[^1])],
        };

    /// <param name="count">Null for one of each kind; beyond that, late rows again.</param>
    public IEnumerable<Schedule> Make(int? count)
    {
        for (var i = 0; i < (count ?? Kinds.Length); i++)
        {
            var kind = i < Kinds.Length ? Kinds[i] : ScheduleKind.Late;
            yield return Make(kind, new Random(unchecked((seed * 397) ^ i)));
        }
    }

    private Schedule Make(ScheduleKind kind, Random random)
    {
        var parts = kind == ScheduleKind.PeriodByPeriod ? _starts.Length : Math.Min(3, _starts.Length);
        var clocks = Enumerable
            .Range(1, parts)
            .Select(part => Within(_starts[(part * _starts.Length / parts) - 1]))
            .ToList();
        // the last period is still under way, and there is a run after it
        clocks.Add(Within(Calendar.Add(config.Size, _starts[^1], 1)));
        var batches = clocks.Select(_ => new List<Delivery>()).ToList();
        foreach (var (row, at) in arriving)
        {
            var batch = clocks.FindIndex(clock => Calendar.Floor(config.Size, at) <= clock);
            var isLate =
                kind == ScheduleKind.Late
                    ? random.Next(3) == 0
                    : batch == clocks.Count - 2 && random.Next(6) == 0;
            while (isLate && batch + 1 < clocks.Count && Reaches(at, clocks[batch]))
            {
                batch++;
                isLate = random.Next(2) == 0;
            }
            batches[batch].Add(row);
        }
        if (kind == ScheduleKind.EmptyBatch)
        {
            clocks.Insert(1, clocks[0].AddSeconds(1));
            batches.Insert(1, []);
        }
        batches[0].InsertRange(0, before);
        return new Schedule(kind, [.. batches.Select(batch => batch.ToImmutableArray())])
        {
            Clocks = [.. clocks],
        };
    }

    /// <summary>Whether the run after one at that time builds the period of a row again.</summary>
    private bool Reaches(DateTimeOffset row, DateTimeOffset clock) =>
        Calendar.Add(config.Size, Calendar.Floor(config.Size, row), config.Lookback + 1)
        > Calendar.Ceiling(config.Size, clock);

    // shortly before the end, so that all rows of the period can have come
    private DateTimeOffset Within(DateTimeOffset start) =>
        Calendar.Add(config.Size, start, 1).AddMinutes(-10);
}
