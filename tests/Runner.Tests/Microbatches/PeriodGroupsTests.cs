using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Tests.Microbatches;

public sealed class PeriodGroupsTests
{
    private static DateTimeOffset Day(int day) => new(2026, 11, day, 0, 0, 0, TimeSpan.Zero);

    private static ImmutableArray<BatchPeriod> Days(params int[] days) =>
        [.. days.Select(day => BatchPeriod.StartingAt(BatchSize.Day, Day(day)))];

    private static string[] Words(ImmutableArray<BatchPeriod> periods, params int[] filled) =>
        [
            .. PeriodGroups
                .Of(periods, filled.Select(Day).ToHashSet())
                .Select(group => string.Join(" ", group.Select(period => $"{period.Start?.Day}"))),
        ];

    [Fact]
    public void Of_PeriodsWithoutRowsBetweenOthers_AreTogether() =>
        Words(Days(1, 2, 3, 4, 5, 6, 7), filled: [2, 5, 6]).ShouldBe(["1", "2", "3 4", "5", "6", "7"]);

    [Fact]
    public void Of_NoPeriodWithRows_IsOneGroup() => Words(Days(1, 2, 4)).ShouldBe(["1 2 4"]);

    [Fact]
    public void Of_RowsWithoutTime_AreAGroupOfTheirOwn() =>
        Words([.. Days(1, 2), BatchPeriod.WithoutTime(BatchSize.Day)], filled: [1]).ShouldBe(["1", "2", ""]);

    [Fact]
    public void Of_NothingToBuild_IsNothing() => Words([]).ShouldBeEmpty();
}
