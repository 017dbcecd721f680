using Strata.Compiler.Manifest.Models;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Tests.Microbatches;

public sealed class BatchSelectionTests
{
    private static MicrobatchConfig Config(int lookback = 1, BatchSize size = BatchSize.Day) =>
        new("at", size, Day(1), lookback, null);

    private static DateTimeOffset Day(int day, int hour = 0) => new(2026, 11, day, hour, 0, 0, TimeSpan.Zero);

    private static BatchRecord Published(int day, int knownUntil, string run = "1") =>
        new(BatchSize.Day, Day(day), Day(day + 1), true, Day(knownUntil), run, 10);

    private static BatchRecord Failed(int day, string run = "2") =>
        new(BatchSize.Day, Day(day), Day(day + 1), false, Day(day + 1), run, 0);

    private static string[] Words(IEnumerable<PlannedBatch> batches) =>
        [.. batches.Select(batch => $"{batch.Period} {batch.Why}")];

    [Fact]
    public void All_GoesFromBeginToThePeriodOfNow() =>
        Words(BatchSelection.All(Config(), Day(3, 5)))
            .ShouldBe(["2026-11-01 new", "2026-11-02 new", "2026-11-03 new"]);

    [Fact]
    public void All_OfAModelThatBeginsLater_IsItsFirstPeriod() =>
        Words(BatchSelection.All(Config() with { Begin = Day(20) }, Day(3))).ShouldBe(["2026-11-20 new"]);

    [Fact]
    public void Due_EverythingPublishedAndSettled_LeavesTheWindowOfLookback()
    {
        var records = Enumerable.Range(1, 5).Select(day => Published(day, 6));

        var (owed, ifMoved) = BatchSelection.Due(Config(), Day(5, 9), records, Arrivals.None);

        owed.ShouldBeEmpty();
        Words(ifMoved).ShouldBe(["2026-11-04 lookback", "2026-11-05 lookback"]);
    }

    [Fact]
    public void Due_FailedAndMissingBatches_AreOwedHoweverOldTheyAre()
    {
        BatchRecord[] records = [Published(1, 9), Published(2, 9), Failed(2), .. Days(4, 8, 9)];

        var (owed, _) = BatchSelection.Due(Config(), Day(8, 9), records, Arrivals.None);

        Words(owed).ShouldBe(["2026-11-02 failed", "2026-11-03 missing"]);
    }

    [Fact]
    public void Due_DaysWithoutARun_LeaveNoGap()
    {
        // day 3 was built at noon, and nothing ran until day 7
        BatchRecord[] records = [Published(1, 4), Published(2, 4), Published(3, 4)];

        var (owed, ifMoved) = BatchSelection.Due(Config(), Day(7, 12), records, Arrivals.None);

        Words(owed).ShouldBe(["2026-11-04 new", "2026-11-05 new", "2026-11-06 new", "2026-11-07 new"]);
        Words(ifMoved.Except(owed)).ShouldBe(["2026-11-03 lookback"]);
    }

    [Fact]
    public void Due_LookbackOfNone_BuildsThePeriodOfNowOnly() =>
        Words(BatchSelection.Due(Config(0), Day(5, 9), Days(1, 5, 6), Arrivals.None).IfMoved)
            .ShouldBe(["2026-11-05 lookback"]);

    [Fact]
    public void Due_BatchSizeChanged_PeriodsThatAreCoveredAreNotOwed()
    {
        var records = Days(1, 30, 31).ToList();

        var (owed, _) = BatchSelection.Due(
            Config(size: BatchSize.Hour) with
            {
                Begin = Day(29),
            },
            Day(30, 23),
            records,
            Arrivals.None
        );

        owed.ShouldBeEmpty();
    }

    [Fact]
    public void Due_BatchSizeChanged_WhatALargerBatchCannotHaveKnownIsOwed()
    {
        // the month was built on day 4 at noon
        BatchRecord[] records =
        [
            new(BatchSize.Month, Day(1), Day(1).AddMonths(1), true, Day(4, 12), "1", 10),
        ];

        var (owed, ifMoved) = BatchSelection.Due(Config(), Day(7, 12), records, Arrivals.None);

        Words(owed).ShouldBe(["2026-11-05 missing", "2026-11-06 missing", "2026-11-07 missing"]);
        Words(ifMoved.Except(owed)).ShouldBe(["2026-11-03 lookback", "2026-11-04 lookback"]);
    }

    [Fact]
    public void Due_BatchSizeChanged_SmallerBatchesAreSettledByTheirOwnLookback()
    {
        // each day was built until two days later, when it was not looked at any more
        var records = Enumerable.Range(1, 30).Select(day => September(day, knownUntil: day + 2));

        var (owed, ifMoved) = BatchSelection.Due(
            Config(size: BatchSize.Month) with
            {
                Begin = Day(1).AddMonths(-2),
            },
            Day(20),
            records,
            Arrivals.None
        );

        Words(owed).ShouldBe(["2026-10 new", "2026-11 new"]);
        Words(ifMoved).ShouldBe(["2026-10 new", "2026-11 new"]);

        static BatchRecord September(int day, int knownUntil) =>
            new(
                BatchSize.Day,
                Day(1).AddMonths(-2).AddDays(day - 1),
                Day(1).AddMonths(-2).AddDays(day),
                true,
                Day(1).AddMonths(-2).AddDays(knownUntil - 1),
                "1",
                10
            );
    }

    [Fact]
    public void Asked_TakesInThePeriodsThatTheRangeTouches() =>
        Words(BatchSelection.Asked(Config(), new EventTimeRange(Day(2, 12), Day(4))))
            .ShouldBe(["2026-11-02 asked for", "2026-11-03 asked for"]);

    private static IEnumerable<BatchRecord> Days(int from, int to, int knownUntil) =>
        Enumerable
            .Range(from, to - from + 1)
            .Select(day => new BatchRecord(
                BatchSize.Day,
                Day(day),
                Day(day).AddDays(1),
                true,
                Day(1).AddDays(knownUntil - 1),
                "1",
                10
            ));
}
