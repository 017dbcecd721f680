using System.Collections.Immutable;
using Shouldly;
using Strata.Tests.Engine.UnitTests;
using Xunit;

namespace Strata.Tests.Engine.Tests.UnitTests;

public sealed class RowMatcherTests
{
    private static readonly CellComparer Comparer = Columns(3);
    private static readonly CellComparer Numbers = new(null, [false], [true]);

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
    public void Compare_ManyRowsInReverseAndOthers_FindsTheOthers()
    {
        const int count = 20_000;
        List<object?[]> Rows(int from) =>
            [.. Enumerable.Range(from, count).Select(i => new object?[] { (long)i, $"r{i}", i / 4m })];
        var actual = Rows(3);
        actual.Reverse();

        var found = RowMatcher.Compare(Rows(0), actual, [0], Comparer);

        found.Count(one => one.IsMissing).ShouldBe(3);
        found.Count(one => one.IsUnexpected).ShouldBe(3);
        found.Length.ShouldBe(6);
    }

    [Fact]
    public void Compare_RandomRows_LeavesWhatTheBagsDifferBy()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            // few values, nulls among them, and numbers of several types that are the same
            object? Cell() =>
                random.Next(6) switch
                {
                    0 => null,
                    1 => 1L,
                    2 => 1.0m,
                    3 => 2L,
                    4 => "a",
                    _ => "b",
                };
            List<object?[]> Rows() =>
                [.. Enumerable.Range(0, random.Next(12)).Select(_ => new[] { Cell(), Cell(), Cell() })];
            var (expected, actual) = (Rows(), Rows());
            var left = actual.ToList();
            var missing = expected.Count(row =>
            {
                var at = left.FindIndex(other => Comparer.AreEqualRows(row, other));
                if (at >= 0)
                    left.RemoveAt(at);
                return at < 0;
            });

            var found = Compare([.. expected], [.. actual]);

            found.Count(one => !one.IsUnexpected).ShouldBe(missing, $"seed {seed}");
            found.Count(one => !one.IsMissing).ShouldBe(left.Count, $"seed {seed}");
        }
    }

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
        new CellComparer(null, [true], [false]).AreEqual(0, one, other).ShouldBe(areEqual);

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
        Columns(1, tolerance: 0.01).AreEqual(0, 1.50m, 1.51m).ShouldBeTrue();
        Columns(1, tolerance: 0.01).AreEqual(0, 1000L, 1001L).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1234567890123456789012345678901.50", "1234567890123456789012345678901.5", true)]
    [InlineData("1234567890123456789012345678901.50", "1234567890123456789012345678901.51", false)]
    [InlineData("-0.00000000000000000000000000000012", "-12e-32", true)]
    [InlineData(
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105727.00",
        true
    )]
    [InlineData("170141183460469231731687303715884105727", "170141183460469231731687303715884105726", false)]
    [InlineData("NaN", "nan", true)]
    [InlineData("NaN", "Infinity", false)]
    [InlineData("NaN", "0", false)]
    public void AreEqual_NumbersOfManyDigits_AreExact(string one, string other, bool equal)
    {
        Numbers.AreEqual(0, one, other).ShouldBe(equal);
        Numbers.AreEqual(0, other, one).ShouldBe(equal);
        Comparer.AreEqual(0, one, other).ShouldBe(one == other, "text is not a number");
    }

    [Fact]
    public void AreEqual_WrittenNumbers_EqualWhatTheyAreWorth()
    {
        Numbers.AreEqual(0, "1.500000000000000000000000000000000", 1.5m).ShouldBeTrue();
        Numbers.AreEqual(0, "1.500000000000000000000000000000001", 1.5m).ShouldBeFalse();
        Numbers.AreEqual(0, "0.1000000000000000055511151231257827", 0.1).ShouldBeTrue();
        Numbers.AreEqual(0, "1e2", 100L).ShouldBeTrue();
        Numbers.AreEqual(0, double.NaN, "NaN").ShouldBeTrue();
        Numbers.AreEqual(0, 1.0, "NaN").ShouldBeFalse();
        Numbers.AreEqual(0, 1L, "one").ShouldBeFalse();
        Numbers.AreEqual(0, "1e999999999999", 1L).ShouldBeFalse();
    }

    [Fact]
    public void AreEqual_NumbersOfManyDigits_MayBeApartUnderTolerance()
    {
        var near = new CellComparer(0.01, [false], [true]);

        near.AreEqual(0, "1234567890123456789012345678901.5", "1234567890123456789012345678902.5")
            .ShouldBeTrue();
        near.AreEqual(0, "1234567890123456789012345678901.5", "1244567890123456789012345678901.5")
            .ShouldBeTrue();
        near.AreEqual(0, "1234567890123456789012345678901.5", "1334567890123456789012345678901.5")
            .ShouldBeFalse();
        near.AreEqual(0, "1234567890123456789012345678901", "1234567890123456789012345678902")
            .ShouldBeFalse();
    }

    [Fact]
    public void Compare_UnderTolerance_FindsTheWholePairing()
    {
        RowMatcher
            .Compare(
                [
                    [1.05m],
                    [1.0m],
                ],
                [
                    [1.0m],
                    [1.1m],
                ],
                [],
                Columns(1, tolerance: 0.06)
            )
            .ShouldBeEmpty();
        // each has taken the one that the next needs
        RowMatcher
            .Compare(
                [
                    [104m, "a"],
                    [102.5m, "a"],
                    [101.5m, "a"],
                    [100m, "a"],
                    [7m, "b"],
                ],
                [
                    [102m, "a"],
                    [101m, "a"],
                    [99.5m, "a"],
                    [105.5m, "a"],
                    [8m, "b"],
                ],
                [],
                Columns(2, tolerance: 0.02)
            )
            .ShouldHaveSingleItem()
            .Expected.ShouldBe([7m, "b"]);
    }

    [Fact]
    public void Compare_Floats_FindsTheWholePairing() =>
        RowMatcher
            .Compare(
                [
                    [1.0 + 8e-10],
                    [1.0],
                ],
                [
                    [1.0],
                    [1.0 + 16e-10],
                ],
                [],
                Columns(1)
            )
            .ShouldBeEmpty();

    [Fact]
    public void Compare_UnderTolerance_LeavesAsFewAsAnyPairing()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var comparer = Columns(1, tolerance: 0.1);
            var expected = Enumerable.Range(0, 6).Select(_ => new object?[] { Value() }).ToArray();
            var actual = Enumerable.Range(0, 6).Select(_ => new object?[] { Value() }).ToArray();

            var found = RowMatcher.Compare(expected, actual, [], comparer);

            found.Count(one => one.IsMissing || one.IsChanged).ShouldBe(6 - Most(0, 0));

            int Most(int e, int taken) =>
                e == 6
                    ? 0
                    : Enumerable
                        .Range(0, 6)
                        .Where(a => (taken & (1 << a)) == 0 && comparer.AreEqualRows(expected[e], actual[a]))
                        .Select(a => 1 + Most(e + 1, taken | (1 << a)))
                        .Append(Most(e + 1, taken))
                        .Max();
        }

        decimal Value() => 10 + random.Next(40) / 10m;
    }

    [Fact]
    public void Compare_RowsOfOneKey_ArePairedOneByOne()
    {
        var found = RowMatcher.Compare(
            [
                [1L, "a"],
                [1L, "b"],
            ],
            [
                [1L, "c"],
                [1L, "d"],
            ],
            [0],
            Columns(2)
        );

        found.Select(one => (one.Expected?[1], one.Actual?[1])).ShouldBe([("a", "c"), ("b", "d")]);
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
        var json = new CellComparer(null, [true], [false]);

        json.AreEqual(0, """{"a": 1, "b": [1, 2]}""", """{"b":[1,2],"a":1}""").ShouldBeTrue();
        json.AreEqual(0, """{"a": 1}""", """{"a": 2}""").ShouldBeFalse();
        Comparer.AreEqual(0, """{"a": 1}""", """{"a":1}""").ShouldBeFalse();
    }

    private static ImmutableArray<RowDifference> Compare(object?[][] expected, object?[][] actual) =>
        RowMatcher.Compare(expected, actual, [], Comparer);

    private static CellComparer Columns(int count, double? tolerance = null)
    {
        var none = Enumerable.Repeat(false, count).ToImmutableArray();
        return new CellComparer(tolerance, none, none);
    }
}
