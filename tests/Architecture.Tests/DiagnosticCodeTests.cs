namespace Strata.Architecture.Tests;

/// <summary>Every code is made in one place, explained on a page, and shown by an end-to-end test.</summary>
public sealed class DiagnosticCodeTests
{
    /// <summary>What the list of codes without an end-to-end test may hold at most. Only ever lower this number.</summary>
    private const int MostUnshown = 117;

    private static readonly string Pages = RepositoryRoot.Combine("docs", "diagnostics");
    private static readonly string UnshownList = RepositoryRoot.Combine(
        "tests",
        "Architecture.Tests",
        "codes-without-golden-test.txt"
    );

    private static readonly List<string> Codes = [.. DiagnosticCode.All.Select(code => code.Code)];

    [Fact]
    public void Codes_OfAllFactories_AreUnique() =>
        Codes
            .GroupBy(code => code)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ShouldBeEmpty();

    /// <summary>A concern has tens of codes of its own, so that its factories can stand in a file of its own.</summary>
    [Fact]
    public void Codes_OfOneTen_AreMadeInOneFile() =>
        DiagnosticCode
            .All.GroupBy(code => code.Code[..5])
            .Where(range => range.Select(code => code.File).Distinct().Count() > 1)
            .Select(range => $"{range.Key}x: {string.Join(", ", range.Select(code => code.File).Distinct())}")
            .ShouldBeEmpty();

    [Fact]
    public void Codes_AreWrittenInFactoriesOnly() =>
        SourceFile
            .Below("src")
            .Where(file => !DiagnosticCode.IsFactory(file))
            .SelectMany(DiagnosticCode.In)
            .ShouldBeEmpty("call the factory method instead, or compare with a constant of the factory");

    [Fact]
    public void Codes_EachHaveAPage() => Codes.Except(PageNames()).ShouldBeEmpty();

    [Fact]
    public void Pages_EachHaveACode() => PageNames().Except(Codes).ShouldBeEmpty();

    [Fact]
    public void Pages_SayWhatItMeansAndWhatToDo()
    {
        foreach (var page in PageNames().Select(name => Path.Combine(Pages, $"{name}.md")))
        {
            var text = File.ReadAllText(page);
            text.ShouldStartWith("# ST", customMessage: page);
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeGreaterThan(2, page);
        }
    }

    [Fact]
    public void Codes_AreShownByAnEndToEndTest_ExceptThoseListed()
    {
        var shown = ShownCodes();
        var listed = File.ReadAllLines(UnshownList)
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0)
            .ToList();

        Codes.Except(shown).Except(listed).ShouldBeEmpty("add a case below tests/EndToEnd/testdata");
        listed.Intersect(shown).ShouldBeEmpty("these are shown now: take them off the list");
        listed.Except(Codes).ShouldBeEmpty("these codes are gone: take them off the list");
        listed.Count.ShouldBeLessThanOrEqualTo(MostUnshown);
    }

    private static List<string> PageNames() =>
        Directory.Exists(Pages)
            ?
            [
                .. Directory
                    .EnumerateFiles(Pages, "ST*.md")
                    .Select(file => Path.GetFileNameWithoutExtension(file)!),
            ]
            : [];

    private static HashSet<string> ShownCodes()
    {
        var cases = RepositoryRoot.Combine("tests", "EndToEnd", "testdata");
        if (!Directory.Exists(cases))
            return [];
        var texts = Directory
            .EnumerateFiles(cases, "*.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .ToList();
        return [.. Codes.Where(code => texts.Any(text => text.Contains(code, StringComparison.Ordinal)))];
    }
}
