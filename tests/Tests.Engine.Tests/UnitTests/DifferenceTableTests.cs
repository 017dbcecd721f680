using System.Collections.Immutable;
using System.Globalization;
using Shouldly;
using Strata.Tests.Engine.UnitTests;
using Xunit;

namespace Strata.Tests.Engine.Tests.UnitTests;

public sealed class DifferenceTableTests
{
    [Fact]
    public void Lines_ChangedMissingAndUnexpected_AreMarked() =>
        Lines(
                ["id", "name"],
                new RowDifference([1L, "a"], [1L, "b"]),
                new RowDifference([2L, null], null),
                new RowDifference(null, [3L, "c"])
            )
            .ShouldBe(["   id  name", "~  1   a -> b", "-  2   null", "+  3   c"]);

    [Fact]
    public void Lines_TextsThatPrintAlike_AreQuoted() =>
        Lines(["name"], new RowDifference(["a "], ["a"])).ShouldBe(["   name", "~  'a ' -> 'a'"]);

    [Fact]
    public void Lines_TooWide_KeepsTheKeyAndWhatDiffers()
    {
        var wide = new string('x', 70);

        var lines = Lines(["id", "same", "other"], new RowDifference([1L, wide, "a"], [1L, wide, "b"]));

        lines[1].ShouldBe("~  1   a -> b");
        lines[2].ShouldBe("  (1 column without a difference left out)");
        lines.ShouldAllBe(line => line.Length <= 78);
    }

    [Fact]
    public void Lines_ManyRows_AreCounted() =>
        Lines(["id"], [.. Enumerable.Range(0, 25).Select(i => new RowDifference([(long)i], null))])[^1]
            .ShouldBe("  ... and 5 more");

    [Fact]
    public void Summary_CountsEachKind() =>
        DifferenceTable
            .Summary([
                new RowDifference([1L], [2L]),
                new RowDifference([1L], null),
                new RowDifference([1L], null),
            ])
            .ShouldBe("1 row differs, 2 are missing");

    private static ImmutableArray<string> Lines(string[] columns, params RowDifference[] differences) =>
        new DifferenceTable(
            [.. columns],
            [0],
            new CellComparer(null, [.. columns.Select(_ => false)]),
            value =>
                Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "null"
        ).Lines([.. differences]);
}
