using Strata.Runner.Planning;

namespace Strata.Runner.Tests.Planning;

public sealed class RunIdTests
{
    [Fact]
    public void Create_LaterWithinASecond_SortsBehind()
    {
        var start = new DateTimeOffset(2031, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));

        var ids = Enumerable.Range(0, 50).Select(i => RunId.Create(start.AddMilliseconds(i * 19))).ToList();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id =>
            RunId.IsRunId(id) && id.StartsWith("20310102T010405-", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Create_WhereTheClockStands_GivesNoNameTwice()
    {
        var instant = new DateTimeOffset(2031, 1, 2, 3, 4, 6, TimeSpan.Zero);

        var ids = Enumerable.Range(0, 1000).Select(_ => RunId.Create(instant)).ToList();

        ids.Distinct().Count().ShouldBe(ids.Count);
    }
}
