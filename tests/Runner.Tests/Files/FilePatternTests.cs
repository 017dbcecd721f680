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
    [InlineData("a/{b/**,c}/*.csv", "a", "b/d/x.csv", true)]
    [InlineData("a/{b/**,c}/*.csv", "a", "c/x.csv", true)]
    [InlineData("a/{b/**,c}/*.csv", "a", "c/d/x.csv", false)]
    [InlineData("a/{b,c{1,2/d}}/x.{csv,tsv}", "a", "c2/d/x.tsv", true)]
    [InlineData("a/{b,c{1,2/d}}/x.{csv,tsv}", "a", "c2/x.tsv", false)]
    [InlineData("a/{,b/}x.csv", "a", "x.csv", true)]
    [InlineData("a/{,b/}x.csv", "a", "b/x.csv", true)]
    [InlineData("a/{*,b}.csv", "a", ".x.csv", false)]
    [InlineData("a/b}.csv", "a/b}.csv", "", true)]
    [InlineData("{./a,b}/*.csv", "", "a/x.csv", true)]
    [InlineData("{a/../b,c}/*.csv", "", "b/x.csv", true)]
    [InlineData("a/{../b,c}/*.csv", "a", "../b/x.csv", true)]
    [InlineData("a/[x+]{1,2}.csv", "a", "[x+]2.csv", true)]
    [InlineData("*.csv", "", "x.csv", true)]
    [InlineData("/in/*.csv", "/in", "x.csv", true)]
    [InlineData("a/x.csv", "a/x.csv", "", true)]
    public void Matches_DecidesByFolderAndName(string pattern, string root, string relative, bool matches)
    {
        var parsed = new FilePattern(pattern);

        parsed.Root.ShouldBe(root);
        parsed.Matches(relative).ShouldBe(matches);
    }

    [Theory]
    [InlineData("lake/{a,b}/x/*.csv", "lake/a/x", "lake/b/x")]
    [InlineData("lake/{a,b}.csv", "lake/a.csv (file)", "lake/b.csv (file)")]
    [InlineData("lake/*.{csv,tsv}", "lake")]
    [InlineData("lake/{a/**,a}/*.csv", "lake/a (deep)")]
    [InlineData("/{a,b}/*/x.csv", "/a (deep)", "/b (deep)")]
    [InlineData("{a,b/*}/*.csv", "a", "b (deep)")]
    [InlineData("lake/**", "lake (deep)")]
    [InlineData("lake/{a/**,b/*}", "lake/a (deep)", "lake/b")]
    public void Places_AreAsNarrowAsTheBracesAllow(string pattern, params string[] places) =>
        new FilePattern(pattern)
            .Places.Select(place =>
                place.Root + (place.IsFile ? " (file)" : "") + (place.IsDeep ? " (deep)" : "")
            )
            .ShouldBe(places);
}
