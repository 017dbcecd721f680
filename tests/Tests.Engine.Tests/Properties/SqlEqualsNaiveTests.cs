using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>What the engines find is what loops over the rows find, however the checks are put into statements.</summary>
public sealed class SqlEqualsNaiveTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Checks_OnDuckDb_CountWhatLoopsCount(bool isFused)
    {
        using var engine = new DuckDbEngine();
        Compare(engine, isFused);
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Checks_OnPostgres_CountWhatLoopsCount(bool isFused)
    {
        using var engine = new PostgresEngine(database);
        Compare(engine, isFused);
    }

    private static void Compare(TestEngine engine, bool isFused) =>
        Prop.ForAll(RandomTables.Tables, rows => Differences(engine, isFused, rows).ShouldBeEmpty())
            .Check(Runs);

    private static List<string> Differences(TestEngine engine, bool isFused, Row[] rows)
    {
        var relation = RandomTables.Relation(rows, engine.Dialect);
        var request = Given.Request(engine, relation, [.. NaiveCheck.All.Select(c => c.Test)]);
        var verdicts = engine
            .Run(CheckPlanner.Plan(request with { FusedChecksAreCheaper = isFused }))
            .ToDictionary<CheckVerdict, TestNode>(v => v.Test, ReferenceEqualityComparer.Instance);
        verdicts.Count.ShouldBe(NaiveCheck.All.Length);

        var found = new List<string>();
        foreach (var check in NaiveCheck.All)
        {
            var verdict = verdicts[check.Test];
            if (verdict.Failures != check.Failures(rows))
                found.Add(
                    $"{check.Test.Name}: {verdict.Failures} failures, should be {check.Failures(rows)}"
                );
            if ((verdict.Status == CheckStatus.Pass) != check.Passes(rows))
                found.Add(
                    $"{check.Test.Name}: {verdict.Status}, should {(check.Passes(rows) ? "pass" : "fail")}"
                );
        }
        return found;
    }
}
