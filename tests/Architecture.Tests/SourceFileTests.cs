using System.Text.RegularExpressions;

namespace Strata.Architecture.Tests;

public sealed partial class SourceFileTests
{
    [Theory]
    [InlineData("src", 600)]
    [InlineData("project", 600)]
    [InlineData("bench", 600)]
    [InlineData("tests", 800)]
    public void Files_StayShort(string folder, int limit) =>
        SourceFile
            .Below(folder)
            .Select(file => (file.Path, Lines: file.Text.Split('\n').Length - 1))
            .Where(file => file.Lines > limit)
            .ShouldBeEmpty();

    [Fact]
    public void Types_AreNotNamedForNothing() =>
        SourceFile
            .Below("src")
            // There, the names are those of the package that it stands in for.
            .Where(file => !file.Path.StartsWith("src/DuckDB.NET.Bindings/"))
            .SelectMany(file => EmptyName().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void TestMethods_NameSubjectAndOutcome() =>
        SourceFile
            .Below("tests")
            .SelectMany(file => TestMethod().Matches(file.Text).Select(match => match.Groups["name"].Value))
            .Where(name => !name.Contains('_'))
            .ShouldBeEmpty();

    [GeneratedRegex(
        @"\b(class|record|struct|interface|enum) (struct )?(Base[A-Z]\w*|\w+(Manager|Helpers?|Utils?|Utilities|Service|Base))\b"
    )]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\[(\w*Fact|\w*Theory)\b.*?\]\s*(\[.*\]\s*)*public (async )?(void|Task) (?<name>\w+)\(")]
    private static partial Regex TestMethod();
}
