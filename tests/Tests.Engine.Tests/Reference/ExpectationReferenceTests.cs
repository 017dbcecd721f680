using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests.Reference;

public sealed class ExpectationReferenceTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly string Document = RepositoryRoot.Combine("docs", "reference", "expectations.md");
    private static readonly string Introduction = RepositoryRoot.Combine(
        "tests",
        "Tests.Engine.Tests",
        "Reference",
        "introduction.md"
    );

    /// <summary>UPDATE_GOLDEN=1 rewrites the document.</summary>
    [Fact]
    public void Reference_OfTheCatalogue_IsWhatTheDocumentSays()
    {
        using var engine = new DuckDbEngine();
        var written = new ExpectationReference(engine).Write(File.ReadAllText(Introduction));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Document, written);
        File.ReadAllText(Document)
            .ShouldBe(written, "run this test with UPDATE_GOLDEN=1 and look at the diff");
    }

    [PostgresFact]
    public void Examples_OnBothEngines_CountTheSameAndShowTheirRows()
    {
        using var duckDb = new DuckDbEngine();
        using var postgres = new PostgresEngine(database);
        var tables = (DuckDb: ExampleTables.Create(duckDb), Postgres: ExampleTables.Create(postgres));
        foreach (var expectation in ExpectationCatalog.Instance.All)
        {
            var here = Run(duckDb, tables.DuckDb, expectation);
            var there = Run(postgres, tables.Postgres, expectation);
            (there.Status, there.Failures).ShouldBe((here.Status, here.Failures), expectation.Name);
        }
    }

    private static CheckVerdict Run(TestEngine engine, CheckRelation orders, Expectation expectation)
    {
        var column = expectation.Target == ExpectationTarget.Column ? expectation.ExampleColumn : null;
        var test = Given.Test(expectation.Name, column) with
        {
            Arguments = ExampleArguments.Read(expectation.Example),
        };
        var verdict = engine.Run(CheckPlanner.Plan(Given.Request(engine, orders, test))).Single();
        // what is compared step by step has no query of its rows
        if (verdict.Status == CheckStatus.Fail && verdict.Check.Reconcile(1) is null)
            engine.Query(verdict.Check.FailingRowsSql(5)).ShouldNotBeEmpty(expectation.Name);
        return verdict;
    }
}
