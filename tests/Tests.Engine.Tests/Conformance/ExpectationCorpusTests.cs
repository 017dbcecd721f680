using Strata.Conformance;
using Strata.Conformance.Expectations;
using Xunit.Abstractions;

namespace Strata.Tests.Engine.Tests.Conformance;

/// <summary>
/// The corpus on both engines. The floors only rise; which cases are missing, and why, is in
/// docs/reference/expectations.md.
/// </summary>
public sealed class ExpectationCorpusTests(ITestOutputHelper output)
{
    private const string Folder = "conformance/expectations";
    private const int DuckDbFloor = 649;
    private const int PostgresFloor = 648;

    [CorporaFact(Folder)]
    public void Cases_OnBothEngines_HoldTheFloor()
    {
        var results = new ExpectationCorpus().Run(Corpora.PathTo(Folder), CancellationToken.None).ToList();
        using var report = new StringWriter();
        CorpusReport.Write(report, "expectations", results, isVerbose: true);
        output.WriteLine(report.ToString());

        Passed(results, "duckdb").ShouldBeGreaterThanOrEqualTo(DuckDbFloor);
        if (PostgresServer.SkipReason is null)
            Passed(results, "postgres").ShouldBeGreaterThanOrEqualTo(PostgresFloor);
    }

    private static int Passed(List<CaseResult> results, string engine) =>
        results.Count(r => r.Passed && r.Category.StartsWith(engine, StringComparison.Ordinal));
}
