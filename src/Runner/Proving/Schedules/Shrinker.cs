using System.Collections.Immutable;

namespace Strata.Runner.Proving.Schedules;

/// <summary>
/// Takes rows and batches away as long as what is left still shows the difference (delta debugging, after Zeller's
/// ddmin). Every try is a replay, so there is a limit to them; what is found then may not be the smallest.
/// </summary>
/// <param name="isPossible">Schedules that are not worth trying: a first batch of nothing explains nothing.</param>
internal sealed class Shrinker(
    Func<Schedule, bool> isPossible,
    Func<Schedule, Task<bool>> stillDiffers,
    int mostTries
)
{
    // what has been tried and does not differ: taking away in smaller pieces comes by it again
    private readonly HashSet<string> _same = [];
    private int _tries;

    public async Task<Schedule> ShrinkAsync(Schedule schedule)
    {
        schedule = await InTwoAsync(schedule);
        schedule = await FewerRowsAsync(schedule);
        return await FewerBatchesAsync(schedule);
    }

    /// <summary>Two batches show most differences as well as many, and replay faster.</summary>
    private async Task<Schedule> InTwoAsync(Schedule schedule)
    {
        for (var cut = 1; cut < schedule.Batches.Length && schedule.Batches.Length > 2; cut++)
        {
            var two = schedule.Join(cut, schedule.Batches.Length - 1).Join(0, cut - 1);
            if (await TryAsync(two))
                return two;
        }
        return schedule;
    }

    private async Task<Schedule> FewerRowsAsync(Schedule schedule)
    {
        var rows = schedule
            .Batches.SelectMany((batch, i) => batch.Select(row => (Batch: i, Row: row)))
            .ToImmutableArray();
        var pieces = 2;
        while (rows.Length >= 2)
        {
            var size = Math.Max(1, (rows.Length + pieces - 1) / pieces);
            var found = false;
            for (var from = 0; from < rows.Length && !found; from += size)
            {
                var rest = rows.RemoveRange(from, Math.Min(size, rows.Length - from));
                if (!await TryAsync(Of(rest)))
                    continue;
                rows = rest;
                pieces = Math.Max(2, pieces - 1);
                found = true;
            }
            if (found)
                continue;
            if (size == 1)
                break;
            pieces = Math.Min(rows.Length, pieces * 2);
        }
        return Of(rows);

        Schedule Of(ImmutableArray<(int Batch, Delivery Row)> some) =>
            schedule with
            {
                Batches =
                [
                    .. schedule.Batches.Select(
                        (_, i) => some.Where(one => one.Batch == i).Select(one => one.Row).ToImmutableArray()
                    ),
                ],
            };
    }

    private async Task<Schedule> FewerBatchesAsync(Schedule schedule)
    {
        for (var i = 0; i + 1 < schedule.Batches.Length; )
        {
            var merged = schedule.Join(i, i + 1);
            if (await TryAsync(merged))
                schedule = merged;
            else
                i++;
        }
        return schedule;
    }

    private async Task<bool> TryAsync(Schedule schedule)
    {
        var key = Key(schedule);
        if (!isPossible(schedule) || _same.Contains(key) || _tries++ >= mostTries)
            return false;
        if (await stillDiffers(schedule))
            return true;
        _same.Add(key);
        return false;
    }

    private static string Key(Schedule schedule) =>
        string.Join(
            '|',
            schedule.Batches.Select(batch =>
                string.Join(',', batch.Select(one => $"{one.Input}.{one.Row}.{(int)one.Change}"))
            )
        );
}
