using System.Text.RegularExpressions;

namespace Strata.Architecture.Tests;

/// <summary>docs/codebase.md is how one finds the way in: whatever it names must be there.</summary>
public sealed partial class CodebaseDocumentTests
{
    private static readonly string Document = RepositoryRoot.Combine("docs", "codebase.md");

    [Fact]
    public void CodebaseDocument_NamesOnlyWhatExists()
    {
        var named = Quoted()
            .Matches(File.ReadAllText(Document))
            .Select(match => match.Groups["path"].Value)
            .Where(LooksLikeAPath)
            .Distinct()
            .ToList();

        named.Count.ShouldBeGreaterThan(
            10,
            "it should name the files in the order the data passes through them"
        );
        named.Where(path => !Exists(path)).ShouldBeEmpty();
    }

    [Fact]
    public void CodebaseDocument_NamesEveryProjectAndFolderOfTheProduct()
    {
        var text = File.ReadAllText(Document);

        ProductProject
            .All.Select(project => $"src/{project.Name}")
            .Where(folder => !text.Contains(folder, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    // Paths may be given from the root, from src/, or from a project's folder: src/Compiler/Text, Compiler/Text, Text/.
    private static bool Exists(string path) =>
        ProductProject
            .All.Select(project => $"src/{project.Name}/")
            .Concat(["", "src/", "docs/", "tests/"])
            .Any(prefix => Path.Exists(RepositoryRoot.Combine(prefix + path)));

    private static bool LooksLikeAPath(string text) =>
        !text.Contains(' ')
        && !text.Contains('<')
        && !text.Contains('*')
        && !text.StartsWith('/')
        && (text.EndsWith('/') || text.EndsWith(".cs") || text.EndsWith(".md") || text.StartsWith("src/"));

    [GeneratedRegex("`(?<path>[^`\n]+)`")]
    private static partial Regex Quoted();
}
