using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests.Properties;

/// <summary>What the engines find is what loops over the rows find, however the checks are put into statements.</summary>
public sealed class SqlEqualsNaiveTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int MostWithoutNaiveCheck = 25;

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(40);

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

    [Fact]
    public void Expectations_AllHaveANaiveCheck_ExceptThoseListed()
    {
        var reasons = ExpectationsWithoutNaiveCheck.Reasons;
        var compared = NaiveCheck
            .All.Select(check => ExpectationCatalog.Instance.Find(check.Test.TestName ?? "")?.Name)
            .OfType<string>()
            .ToHashSet();
        var all = ExpectationCatalog.Instance.All.Select(expectation => expectation.Name).ToList();

        all.Except(compared).Except(reasons.Keys).ShouldBeEmpty("write a loop that counts what it counts");
        reasons.Keys.Intersect(compared).ShouldBeEmpty("these are compared now: take them off the list");
        reasons.Keys.Except(all).ShouldBeEmpty("these expectations are gone: take them off the list");
        reasons.Count.ShouldBeLessThanOrEqualTo(MostWithoutNaiveCheck);
    }

    private static void Compare(TestEngine engine, bool isFused) =>
        Prop.ForAll(
                RandomTables.Tables,
                RandomTables.Tables,
                (rows, others) => Differences(engine, isFused, rows, others).ShouldBeEmpty()
            )
            .Check(Runs);

    private static List<string> Differences(TestEngine engine, bool isFused, Row[] rows, Row[] others)
    {
        var relation = RandomTables.Relation(rows, engine.Dialect, "t_rows");
        var other = RandomTables.Relation(others, engine.Dialect, "other");
        var request = Given.Request(engine, relation, [.. NaiveCheck.All.Select(c => c.Test)]) with
        {
            Resolve = id => id == Given.Model ? relation : other,
        };
        var verdicts = engine
            .Run(CheckPlanner.Plan(request with { FusedChecksAreCheaper = isFused }))
            .ToDictionary<CheckVerdict, TestNode>(v => v.Test, ReferenceEqualityComparer.Instance);
        verdicts.Count.ShouldBe(NaiveCheck.All.Length);

        var found = new List<string>();
        foreach (var check in NaiveCheck.All)
        {
            var verdict = verdicts[check.Test];
            var (failures, passes) = (check.Failures(rows, others), check.Passes(rows, others));
            if (verdict.Failures != failures)
                found.Add($"{check.Test.Name}: {verdict.Failures} failures, should be {failures}");
            if ((verdict.Status == CheckStatus.Pass) != passes)
                found.Add($"{check.Test.Name}: {verdict.Status}, should {(passes ? "pass" : "fail")}");
        }
        return found;
    }
}
