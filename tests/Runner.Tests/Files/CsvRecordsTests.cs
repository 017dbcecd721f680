using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Tests.Files;

/// <summary>Csv as it is met, record by record: fields, lines, and what a broken one costs.</summary>
public sealed class CsvRecordsTests
{
    private static readonly CsvDialect Standard = new();

    private static async Task<string[]> ReadAsync(string text, CsvDialect? dialect = null, int chunk = 0)
    {
        using TextReader reader = chunk == 0 ? new StringReader(text) : new Dripping(text, chunk);
        var records = new CsvRecords(reader, dialect ?? Standard);
        var found = new List<string>();
        while (await records.ReadAsync(CancellationToken.None))
        {
            var fields = Enumerable
                .Range(0, records.FieldCount)
                .Select(i => records.IsQuoted(i) ? $"'{records.Field(i)}'" : records.Field(i));
            found.Add(
                records.Problem is { } problem
                    ? $"{records.Line}! {problem}: {records.Raw}"
                    : $"{records.Line}: {string.Join("|", fields)}"
            );
        }
        return [.. found];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Fields_WithQuotesAndLineEnds_KeepTheirLines(int chunk)
    {
        var text = "a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\r\n\r\n1,\r\n7\" pipe,\"\"\r\nlast,one";

        (await ReadAsync(text, chunk: chunk)).ShouldBe([
            "1: a|b",
            "2: 'x, \"y\"'|'two\r\nlines'",
            "5: 1|",
            "6: 7\" pipe|''",
            "7: last|one",
        ]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task BrokenQuotes_CostTheirFirstLineOnly(int chunk)
    {
        var text = "a,b\n\"ab\"c,1\n2,x\n\"open,3\n4,y\n5,z\n";

        (await ReadAsync(text, chunk: chunk)).ShouldBe([
            "1: a|b",
            "2! text follows a closing quote: \"ab\"c,1",
            "3: 2|x",
            "4! a quote is not closed: \"open,3",
            "5: 4|y",
            "6: 5|z",
        ]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LongDelimiterAndTerminator_AreFollowed(int chunk)
    {
        var dialect = new CsvDialect
        {
            Delimiter = "+|",
            RowTerminator = "&|\n",
            Quote = null,
        };

        (await ReadAsync("1+|a+b\nc&|\n2+|\"d&|\n\n", dialect, chunk)).ShouldBe(["1: 1|a+b\nc", "3: 2|\"d"]);
    }

    [Fact]
    public async Task SkippedLinesAndComments_AreNoRecords_AndCountAsLines()
    {
        var dialect = new CsvDialect
        {
            SkipLines = 2,
            Comment = '#',
            Delimiter = ";",
            Escape = '\\',
        };

        (await ReadAsync("report\nof today\na;b\n# nothing\n\"x\\\"y\";2\n", dialect)).ShouldBe([
            "3: a|b",
            "5: 'x\"y'|2",
        ]);
    }

    [Fact]
    public async Task RecordWithoutEnd_IsGivenUp_AndTheRestIsRead()
    {
        var text = $"a,b\n{new string('x', TextWindow.MaxRecord + 10)}\n1,2\n";

        var found = await ReadAsync(text);

        found.Length.ShouldBe(3);
        found[1].ShouldStartWith("2! the record has no end within 16 million characters");
        found[2].ShouldBe("3: 1|2");
    }

    /// <summary>A reader that gives a few characters at a time.</summary>
    private sealed class Dripping(string text, int chunk) : StringReader(text)
    {
        public override ValueTask<int> ReadAsync(
            Memory<char> buffer,
            CancellationToken cancellationToken = default
        ) => base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
