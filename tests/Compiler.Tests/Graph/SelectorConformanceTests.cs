using Strata.Conformance;
using Strata.Conformance.Selectors;
using Xunit.Abstractions;

namespace Strata.Compiler.Tests.Graph;

public sealed class SelectorConformanceTests(ITestOutputHelper output)
{
    private const string Folder = "conformance/selectors";

    /// <summary>The cases that pass, of methods that are there. Only ever raise this number.</summary>
    private const int Floor = 464;

    [CorporaFact(Folder)]
    public void Corpus_AllCases_PassAtLeastTheFloor()
    {
        var results = new SelectorCorpus().Run(Corpora.PathTo(Folder), CancellationToken.None).ToList();
        var report = new StringWriter();
        CorpusReport.Write(report, "selectors", results, isVerbose: true);
        output.WriteLine(report.ToString());

        var present = results.Where(result => !result.Category.StartsWith("later")).ToList();
        present.Where(result => !result.Passed).ShouldBeEmpty(report.ToString());
        present.Count.ShouldBeGreaterThanOrEqualTo(Floor);
    }
}
