using Strata.Conformance;
using Strata.Conformance.Selectors;
using Xunit.Abstractions;

namespace Strata.Compiler.Tests.Graph;

public sealed class SelectorConformanceTests(ITestOutputHelper output)
{
    private const string Folder = "conformance/selectors";

    [CorporaFact(Folder)]
    public void Corpus_AllCases_Pass()
    {
        var results = new SelectorCorpus().Run(Corpora.PathTo(Folder), CancellationToken.None).ToList();
        var report = new StringWriter();
        CorpusReport.Write(report, "selectors", results, isVerbose: true);
        output.WriteLine(report.ToString());

        results.Count.ShouldBeGreaterThan(0);
        results.Where(result => !result.Passed).ShouldBeEmpty(report.ToString());
    }
}
