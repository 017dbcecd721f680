using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Microbatches;
using Strata.Runner.Proving;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Tests.Proving;

/// <summary>Every row arrives once, and whenever it does, a run that the lookback lets read it is still to come.</summary>
public sealed class PeriodSchedulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<(Delivery Row, DateTimeOffset At)> Rows =
    [
        .. Enumerable.Range(0, 60).Select(row => (new Delivery(0, row), Start.AddHours(row * 2.5))),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Make_WhateverTheLookback_ARunReadsEveryRow(int lookback)
    {
        var config = new MicrobatchConfig("at", BatchSize.Day, Start, lookback, null);
        var late = 0;
        foreach (var schedule in new PeriodSchedules(config, [], Rows, seed: 3).Make(9))
        {
            schedule.Batches.SelectMany(batch => batch).Order(ByRow).ShouldBe(Rows.Select(one => one.Row));
            schedule.Clocks.ShouldBe(schedule.Clocks.Order());
            for (var batch = 0; batch < schedule.Batches.Length; batch++)
            {
                foreach (var row in schedule.Batches[batch])
                {
                    var day = Calendar.Floor(BatchSize.Day, Rows[row.Row].At);
                    schedule.Clocks[batch].ShouldBeGreaterThanOrEqualTo(day);
                    if (batch == 0 || schedule.Clocks[batch - 1] < day)
                        continue;
                    late++;
                    day.AddDays(lookback + 1)
                        .ShouldBeGreaterThan(Calendar.Ceiling(BatchSize.Day, schedule.Clocks[batch - 1]));
                }
            }
        }
        (late > 0).ShouldBe(lookback > 0);
    }

    private static readonly IComparer<Delivery> ByRow = Comparer<Delivery>.Create(
        (one, other) => one.Row.CompareTo(other.Row)
    );
}
