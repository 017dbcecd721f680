using System.Text.Json;
using Strata.Cli.Output;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;

namespace Strata.Cli.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(41.4, "41ms")]
    [InlineData(99.4, "99ms")]
    [InlineData(99.6, "0.1s")]
    [InlineData(812, "0.8s")]
    [InlineData(59_949, "59.9s")]
    [InlineData(59_960, "0m59s")]
    [InlineData(125_000, "2m05s")]
    [InlineData(3_720_000, "1h02m")]
    public void Duration_OfMilliseconds_IsShort(double milliseconds, string expected) =>
        Words.Duration(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(expected);

    [Fact]
    public void Table_TooWide_ShrinksTheWidestColumnAndKeepsTheLimit()
    {
        var table = new TextTable("id", "words", new TextTable.Column("n", IsRight: true));
        table.Add("1", new string('x', 100), "7");
        using var writer = new StringWriter();

        table.Write(writer, Palette.Off, 40).ShouldBe(0);

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => DisplayWidth.Of(line) <= 40);
        lines[^1].ShouldBe($"1   {new string('x', 32)}…  7");
    }

    [Fact]
    public void Table_TooManyColumns_LeavesOutTheLastAndCountsThem()
    {
        var columns = Enumerable
            .Range(0, 12)
            .Select(i => new TextTable.Column($"column_{i:00}_name"))
            .ToArray();
        var table = new TextTable(columns);
        table.Add([.. columns.Select(column => new TextTable.Cell("value"))]);
        using var writer = new StringWriter();

        var left = table.Write(writer, Palette.Off, 80);

        left.ShouldBe(6);
        writer.ToString().Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🙂", 2)]
    [InlineData("", 0)]
    public void DisplayWidth_OfText_CountsColumns(string text, int expected) =>
        DisplayWidth.Of(text).ShouldBe(expected);

    [Fact]
    public void Csv_TellsNullFromEmptyAndQuotesWhatNeedsIt()
    {
        var rows = Rows(["a", "b,c"], [null, ""], ["x\"y", "two\nlines"], [" padded", 1.5m]);

        Print(rows, RowSetFormat.Csv)
            .ShouldBe("a,\"b,c\"\n,\"\"\n\"x\"\"y\",\"two\nlines\"\n\" padded\",1.5\n");
    }

    [Fact]
    public void Json_IsADocumentWithTypedValues()
    {
        var rows = Rows(
            ["n", "d", "t", "x", "nan"],
            [long.MaxValue, 12345678901234567890.123m, "a\"b", null, double.NaN],
            [0L, 0m, "", true, 0.1]
        );

        using var document = JsonDocument.Parse(Print(rows, RowSetFormat.Json));

        var first = document.RootElement[0];
        first.GetProperty("n").GetInt64().ShouldBe(long.MaxValue);
        first.GetProperty("d").GetRawText().ShouldBe("12345678901234567890.123");
        first.GetProperty("t").GetString().ShouldBe("a\"b");
        first.GetProperty("x").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("nan").GetString().ShouldBe("NaN");
        document.RootElement[1].GetProperty("nan").GetDouble().ShouldBe(0.1);
    }

    [Fact]
    public void Table_OfRows_AlignsNumbersAndKeepsRowsOnOneLine()
    {
        var rows = Rows(["name", "n"], ["a\nb", 7L], ["c", null], ["d", 1000L]);

        Print(rows, RowSetFormat.Table)
            .ShouldBe("name     n\n----  ----\na⏎b      7\nc     null\nd     1000\n");
    }

    [Fact]
    public void ValueText_OfTimes_IsIsoWithoutNeedlessDigits()
    {
        ValueText.Of(new DateTime(2026, 11, 1, 8, 5, 0)).ShouldBe("2026-11-01 08:05:00");
        ValueText.Of(new DateTime(2026, 11, 1).AddMicroseconds(1500)).ShouldBe("2026-11-01 00:00:00.0015");
        ValueText
            .Of(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.FromHours(2)))
            .ShouldBe("2026-11-01 06:00:00+00");
        ValueText.Of(new DateOnly(2026, 11, 1)).ShouldBe("2026-11-01");
        ValueText.Of(new byte[] { 0, 255 }).ShouldBe("\\x00ff");
    }

    private static RowSet Rows(string[] columns, params object?[][] rows) =>
        new([.. columns.Select(name => new ColumnSchema(name, "any"))], [.. rows], IsTruncated: false);

    private static string Print(RowSet rows, RowSetFormat format)
    {
        using var writer = new StringWriter();
        RowSetWriter.Write(rows, format, writer, Palette.Off, 80);
        return writer.ToString();
    }
}
