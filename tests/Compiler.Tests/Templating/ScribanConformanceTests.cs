using Strata.Conformance;
using Strata.Conformance.Scriban;
using Xunit.Abstractions;

namespace Strata.Compiler.Tests.Templating;

public sealed class ScribanConformanceTests(ITestOutputHelper output)
{
    private const string Folder = "conformance/scriban";

    /// <summary>The share of cases that pass, in percent. Only ever raise this number.</summary>
    private const double Floor = 99.7;

    [CorporaFact(Folder)]
    public void Corpus_AllCases_PassAtLeastTheFloor()
    {
        var results = new ScribanCorpus().Run(Corpora.PathTo(Folder), CancellationToken.None).ToList();
        var report = new StringWriter();
        CorpusReport.Write(report, "scriban", results, isVerbose: true);
        output.WriteLine(report.ToString());

        results.Count.ShouldBeGreaterThan(0);
        var judged = results.Where(result => !result.Category.StartsWith("composite-")).ToList();
        (100.0 * judged.Count(result => result.Passed) / judged.Count).ShouldBeGreaterThanOrEqualTo(
            Floor,
            report.ToString()
        );
    }
}
