using System.Collections.Immutable;
using Strata.Runner.Proving;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Tests.Proving;

public sealed class ScheduleMakerTests
{
    private static readonly ImmutableArray<Delivery> Rows =
    [
        .. Enumerable.Range(0, 40).Select(row => new Delivery(0, row)),
    ];

    [Fact]
    public void Make_SameSeed_GivesTheSameSchedules() => Text(seed: 5).ShouldBe(Text(seed: 5));

    [Fact]
    public void Make_OtherSeed_ShufflesOtherwise() => Text(seed: 5).ShouldNotBe(Text(seed: 6));

    [Theory]
    [InlineData(ScheduleKind.InOrder)]
    [InlineData(ScheduleKind.Late)]
    [InlineData(ScheduleKind.Shuffled)]
    [InlineData(ScheduleKind.EmptyBatch)]
    public void Make_DeliversEveryRowOnce(object kind)
    {
        var schedule = Make(1, repeats: true).First(one => one.Kind.Equals(kind));
        schedule.Batches.SelectMany(batch => batch).OrderBy(one => one.Row).ShouldBe(Rows);
        schedule.Repeats.ShouldBeFalse();
    }

    [Fact]
    public void Make_InputWithAKey_IsNotDeliveredTwice()
    {
        Make(1, repeats: true).ShouldContain(one => one.Repeats);
        Make(1, repeats: false).ShouldNotContain(one => one.Repeats);
    }

    [Fact]
    public void Make_RowsThatCanChange_AreReplacedAndDeletedAfterTheyHaveArrived()
    {
        foreach (var change in new[] { RowChange.Replaced, RowChange.Deleted })
        {
            Make(1, repeats: false, count: null).Any(one => Of(one, change).Any()).ShouldBeFalse();
            var schedule = Make(1, repeats: false, changes: true, count: null)
                .Single(one => Of(one, change).Any());
            foreach (var (batch, row) in Of(schedule, change))
                schedule
                    .Batches.Take(batch)
                    .SelectMany(earlier => earlier)
                    .ShouldContain(row with { Change = RowChange.Arrives });
        }

        static IEnumerable<(int Batch, Delivery Row)> Of(Schedule schedule, RowChange change) =>
            schedule
                .Batches.SelectMany((batch, i) => batch.Select(row => (i, row)))
                .Where(one => one.row.Change == change);
    }

    [Fact]
    public async Task Shrink_TwoRowsInTheWrongOrder_LeavesThemInTwoBatches()
    {
        var late = Make(1, repeats: true).First(one => one.Kind == ScheduleKind.Shuffled);
        var (first, second) = (late.Batches[0][3], late.Batches[2][5]);
        var shrinker = new Shrinker(
            _ => true,
            schedule => Task.FromResult(BatchOf(schedule, first) < BatchOf(schedule, second)),
            1000
        );
        var smallest = await shrinker.ShrinkAsync(late);
        smallest
            .Batches.Select(batch => batch.ToArray())
            .ShouldBe([
                [first],
                [second],
            ]);
    }

    // a row that is not there is in no order to any other
    private static int? BatchOf(Schedule schedule, Delivery row)
    {
        var at = schedule.Batches.ToList().FindIndex(batch => batch.Contains(row));
        return at < 0 ? null : at;
    }

    private static string Text(int seed) =>
        string.Join(
            "\n",
            Make(seed, repeats: true)
                .SelectMany(one =>
                    one.Batches.Select(batch => string.Join(' ', batch.Select(row => row.Row)))
                )
        );

    private static IEnumerable<Schedule> Make(int seed, bool repeats, bool changes = false, int? count = 8) =>
        new ScheduleMaker(
            [],
            Rows,
            _ => repeats,
            one => changes || one.Change == RowChange.Arrives,
            seed
        ).Make(count);
}
