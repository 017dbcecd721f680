using Strata.Runner.Files;

namespace Strata.Runner.Tests.Files;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("a/*.csv", "a", "x.csv", true)]
    [InlineData("a/*.csv", "a", "x.csv.gz", false)]
    [InlineData("a/*.csv", "a", "b/x.csv", false)]
    [InlineData("a/*.csv", "a", ".x.csv", false)]
    [InlineData("a/**/*.csv", "a", "x.csv", true)]
    [InlineData("a/**/*.csv", "a", "b/c/x.csv", true)]
    [InlineData("a/**/*.csv", "a", "b/.c/x.csv", false)]
    [InlineData("a/**", "a", "b/c/x", true)]
    [InlineData("a/day=*/x-?.{json,jsonl}", "a", "day=01/x-1.jsonl", true)]
    [InlineData("a/day=*/x-?.{json,jsonl}", "a", "day=01/x-12.jsonl", false)]
    [InlineData("a/day=*/x-?.{json,jsonl}", "a", "day=01/x-1.csv", false)]
    [InlineData("*.csv", "", "x.csv", true)]
    [InlineData("/in/*.csv", "/in", "x.csv", true)]
    [InlineData("a/x.csv", "a/x.csv", "", true)]
    public void Matches_DecidesByFolderAndName(string pattern, string root, string relative, bool matches)
    {
        var parsed = new FilePattern(pattern);

        parsed.Root.ShouldBe(root);
        parsed.Matches(relative).ShouldBe(matches);
    }
}
