using Strata.Runner.Files.Reading;

namespace Strata.Runner.Tests.Files;

public sealed class JsonRecordsTests
{
    private static async Task<string[]> ReadAsync(string text)
    {
        using var reader = new StringReader(text);
        var records = new JsonRecords(reader);
        var found = new List<string>();
        while (await records.ReadAsync(CancellationToken.None))
            found.Add($"{records.Line}: {records.Raw}");
        return [.. found];
    }

    [Theory]
    [InlineData("[{\"a\": 1},\n {\"a\": [2, \"]\"]}]\n", "1: {\"a\": 1}", "2: {\"a\": [2, \"]\"]}")]
    [InlineData("{\"a\": \"}\\\"\"}\n{\"b\":\n 2}\n", "1: {\"a\": \"}\\\"\"}", "2: {\"b\":\n 2}")]
    [InlineData("[1, \"x\", [3], null]", "1: 1", "1: \"x\"", "1: [3]", "1: null")]
    [InlineData("  \n[]\n")]
    [InlineData("7", "1: 7")]
    public async Task Values_AreFoundWithTheirLines(string text, params string[] values) =>
        (await ReadAsync(text)).ShouldBe(values);

    [Theory]
    [InlineData("[{\"a\": 1}, {\"b\"")]
    [InlineData("[{\"a\": 1}")]
    [InlineData("{\"a\": \"x")]
    public async Task DocumentThatEndsTooEarly_IsUnreadable(string text) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(text))).Message.ShouldStartWith(
            "the document ends within"
        );
}
