using System.Collections.Immutable;
using Shouldly;
using Strata.Tests.Engine.UnitTests;
using Xunit;

namespace Strata.Tests.Engine.Tests.UnitTests;

public sealed class RowMatcherTests
{
    private static readonly CellComparer Comparer = new(null, [false, false, false]);

    [Fact]
    public void Compare_SameRowsInAnotherOrder_FindsNothing() =>
        Compare(
                [
                    [1L, "a", null],
                    [1L, "a", null],
                    [2L, "b", 1m],
                ],
                [
                    [2L, "b", 1.0m],
                    [1L, "a", null],
                    [1L, "a", null],
                ]
            )
            .ShouldBeEmpty();

    [Fact]
    public void Compare_OneRowTooFew_IsMissing() =>
        Compare(
                [
                    [1L, "a", null],
                    [1L, "a", null],
                ],
                [
                    [1L, "a", null],
                ]
            )
            .ShouldHaveSingleItem()
            .IsMissing.ShouldBeTrue();

    [Fact]
    public void Compare_RowsThatAgreeInNothing_AreNotPaired()
    {
        var found = Compare(
            [
                [1L, "a", true],
            ],
            [
                [2L, "b", false],
            ]
        );

        found.Length.ShouldBe(2);
        found[0].IsMissing.ShouldBeTrue();
        found[1].IsUnexpected.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"a": 1, "a": 2, "b": 3}""", """{ "b": 3.0, "a": 1, "a": 2 }""", true)]
    [InlineData("""{"a": 1, "a": 2}""", """{"a": 1, "a": 3}""", false)]
    [InlineData("""{"a": 1, "a": 2}""", """{"a": 2}""", false)]
    [InlineData("""["\ud800"]""", """["\ud801"]""", false)]
    public void Json_KeysThatRepeat_AreCompared(string one, string other, bool areEqual) =>
        new CellComparer(null, [true]).AreEqual(0, one, other).ShouldBe(areEqual);

    [Fact]
    public void Compare_WithoutKey_PairsTheLikestRows()
    {
        var found = Compare(
            [
                [1L, "a", 1m],
                [2L, "a", 2m],
            ],
            [
                [2L, "a", 3m],
                [1L, "b", 1m],
            ]
        );

        found.Select(one => (one.Expected?[0], one.Actual?[0])).ShouldBe([(1L, 1L), (2L, 2L)]);
    }

    [Fact]
    public void Compare_WithKey_PairsByItHoweverLittleElseAgrees()
    {
        var found = RowMatcher.Compare(
            [
                [1L, "a", 1m],
            ],
            [
                [2L, "a", 1m],
                [1L, "z", 9m],
            ],
            [0],
            Comparer
        );

        found[0].Actual.ShouldBe([1L, "z", 9m]);
        found[1].IsUnexpected.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.1 + 0.2, 0.3, true)]
    [InlineData(1.0, 1.0001, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.PositiveInfinity, 1.0, false)]
    [InlineData(0.0, 1e-12, false)]
    public void AreEqual_Floats_DifferByAShareAtMost(double a, double b, bool equal) =>
        Comparer.AreEqual(0, a, b).ShouldBe(equal);

    [Fact]
    public void AreEqual_Decimals_AreExactWithoutTolerance()
    {
        Comparer.AreEqual(0, 1.50m, 1.5m).ShouldBeTrue();
        Comparer.AreEqual(0, 1L, 1.0m).ShouldBeTrue();
        Comparer.AreEqual(0, 1.5m, 1.50000000001m).ShouldBeFalse();
        new CellComparer(0.01, [false]).AreEqual(0, 1.50m, 1.51m).ShouldBeTrue();
        new CellComparer(0.01, [false]).AreEqual(0, 1000L, 1001L).ShouldBeFalse();
    }

    [Fact]
    public void AreEqual_Instants_CountWhateverTheZone() =>
        Comparer
            .AreEqual(
                0,
                new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(2)),
                new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero)
            )
            .ShouldBeTrue();

    [Fact]
    public void AreEqual_Json_CountsByWhatItSays()
    {
        var json = new CellComparer(null, [true]);

        json.AreEqual(0, """{"a": 1, "b": [1, 2]}""", """{"b":[1,2],"a":1}""").ShouldBeTrue();
        json.AreEqual(0, """{"a": 1}""", """{"a": 2}""").ShouldBeFalse();
        Comparer.AreEqual(0, """{"a": 1}""", """{"a":1}""").ShouldBeFalse();
    }

    private static ImmutableArray<RowDifference> Compare(object?[][] expected, object?[][] actual) =>
        RowMatcher.Compare(expected, actual, [], Comparer);
}
