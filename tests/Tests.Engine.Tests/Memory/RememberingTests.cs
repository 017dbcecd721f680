using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests.Memory;

public sealed class DuckDbRememberingTests : RememberingTests
{
    protected override TestEngine Open() => new DuckDbEngine();
}

public sealed class PostgresRememberingTests(PostgresDatabase database)
    : RememberingTests,
        IClassFixture<PostgresDatabase>
{
    protected override TestEngine Open() => new PostgresEngine(database);
}

/// <summary>Tests whose verdict depends on earlier runs: what they take down, and what they say when they are asked again.</summary>
public abstract class RememberingTests : EngineTests
{
    [PostgresFact]
    public void Drift_OfNumbersInQuartiles_IsTheIndexOfTheirShares()
    {
        // the p-value of 0.228 with a hundred rows on both sides is that of chi-squared 11.4 with three degrees of freedom, 0.0097
        foreach (var (level, status) in new[] { (0.009, CheckStatus.Pass), (0.0105, CheckStatus.Fail) })
        {
            var test = Given.Test("drift_psi", "a", null, ("bins", 4L), ("p_value", level));
            var baseline = Take(test, Numbers(1, 100));
            // quartiles 1-25, 26-50, 51-75, 76-100; now 10, 20, 30 and 40 per cent
            var verdict = Run(
                test,
                baseline,
                [
                    .. Numbers(1, 10),
                    .. Numbers(26, 45),
                    .. Numbers(51, 75),
                    .. Numbers(51, 55),
                    .. Numbers(76, 100),
                    .. Numbers(76, 90),
                ]
            );
            var expected = new[] { 0.1, 0.2, 0.3, 0.4 }.Sum(share => (share - 0.25) * Math.Log(share / 0.25));
            double.Parse(verdict.Observed!, System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBe(expected, 0.0001);
            verdict.Status.ShouldBe(status);
        }
    }

    [PostgresFact]
    public void Drift_OfNumbersThatMoved_FailsAndNamesTheBins()
    {
        foreach (
            var (name, statistic) in new[] { ("drift_psi", "psi over 0.2"), ("drift_ks", "ks over 0.1") }
        )
        {
            var test = Given.Test(name, "a", null, ("bins", 4L));
            var verdict = Run(test, Take(test, Numbers(1, 100)), Numbers(76, 175));
            verdict.Status.ShouldBe(CheckStatus.Fail, name);
            verdict.Note.ShouldNotBeNull().ShouldContain(statistic);
            verdict.Note.ShouldContain("above 100 0% -> 75%");
            verdict.MaskedNote.ShouldNotBeNull().ShouldNotContain("above 100");
        }
    }

    [PostgresFact]
    public void Drift_OfTheSameRows_IsNone()
    {
        foreach (var name in new[] { "drift_psi", "drift_ks", "drift_chi2" })
        {
            var test = Given.Test(name, "a");
            ImmutableArray<string> rows = [.. Numbers(1, 40), "null", "null", "7", "7"];
            var verdict = Run(test, Take(test, rows), rows);
            (verdict.Status, verdict.Observed).ShouldBe((CheckStatus.Pass, "0"), name);
        }
    }

    [PostgresFact]
    public void Drift_OfAConstantColumn_SeesValuesOnBothSides()
    {
        foreach (var name in new[] { "drift_psi", "drift_ks" })
        {
            var test = Given.Test(name, "a");
            var baseline = Take(test, Enumerable.Repeat("5", 50));
            Run(test, baseline, Enumerable.Repeat("5", 20)).Status.ShouldBe(CheckStatus.Pass, name);
            Run(test, baseline, Enumerable.Repeat("4", 20)).Status.ShouldBe(CheckStatus.Fail, name);
            Run(test, baseline, Enumerable.Repeat("6", 20)).Status.ShouldBe(CheckStatus.Fail, name);
        }
    }

    [PostgresFact]
    public void Drift_ToNothingButNulls_Fails()
    {
        foreach (var name in new[] { "drift_psi", "drift_ks", "drift_chi2" })
        {
            var test = Given.Test(name, "a");
            var verdict = Run(test, Take(test, Numbers(1, 50)), Enumerable.Repeat("null", 50));
            verdict.Status.ShouldBe(CheckStatus.Fail, name);
        }
    }

    [PostgresFact]
    public void Drift_WithoutRows_PassesAndTakesNoBaseline()
    {
        var test = Given.Test("drift_psi", "a");
        var first = Run(test, CheckMemory.None, []);
        (first.Status, first.NewBaseline, first.IsRemark).ShouldBe((CheckStatus.Pass, null, true));
        var later = Run(test, Take(test, Numbers(1, 50)), []);
        (later.Status, later.IsRemark).ShouldBe((CheckStatus.Pass, true));
        later.Note.ShouldNotBeNull().ShouldContain("no rows");
    }

    [PostgresFact]
    public void Drift_OfNullsThatBecomeValues_Fails()
    {
        var test = Given.Test("drift_psi", "a");
        var verdict = Run(test, Take(test, Enumerable.Repeat("null", 50)), Numbers(1, 50));
        verdict.Status.ShouldBe(CheckStatus.Fail);
        verdict.Note.ShouldNotBeNull().ShouldContain("null 100% -> 0%");
    }

    [PostgresFact]
    public void Drift_WithANewCategory_NamesIt()
    {
        foreach (var name in new[] { "drift_psi", "drift_chi2" })
        {
            var test = Given.Test(name, "s");
            var baseline = Take(test, [.. Enumerable.Repeat("'it''s'", 50), .. Enumerable.Repeat("'b'", 50)]);
            var verdict = Run(
                test,
                baseline,
                [.. Enumerable.Repeat("'it''s'", 50), .. Enumerable.Repeat("'日本'", 50)]
            );
            verdict.Status.ShouldBe(CheckStatus.Fail, name);
            verdict.Note.ShouldNotBeNull().ShouldContain("'日本' (new) 0% -> 50%");
        }
    }

    [PostgresFact]
    public void Drift_OfKolmogorovSmirnovOnText_IsAMistakeInTheDefinition()
    {
        Fill("s", []);
        var plan = CheckPlanner.Plan(Given.Request(Engine, Relation, Given.Test("drift_ks", "s")));
        plan.Rejected.Single().Diagnostics.Single().Code.ShouldBe("ST6006");
    }

    [PostgresFact]
    public void Anomaly_BelowItsHistory_Learns()
    {
        var test = Given.Test("anomaly", null, null, ("metric", "row_count"));
        var verdict = Run(test, Past(10, 10, 10), Numbers(1, 500));
        verdict.Status.ShouldBe(CheckStatus.Pass);
        verdict.Note.ShouldBe("learning, 3 of 7 points");
    }

    [PostgresFact]
    public void Anomaly_WithHistory_IsWhatLiesFarFromTheMedian()
    {
        var test = Given.Test("anomaly", null, null, ("metric", "row_count"));
        // one wild day in the past moves neither the median nor the width by much
        var memory = Past(100, 101, 99, 100, 102, 98, 5000, 100);
        Run(test, memory, Numbers(1, 103)).Status.ShouldBe(CheckStatus.Pass);
        var verdict = Run(test, memory, Numbers(1, 12));
        verdict.Status.ShouldBe(CheckStatus.Fail);
        verdict.Observed.ShouldBe("12");
        verdict.Note.ShouldNotBeNull().ShouldContain("the median of 8 earlier runs is 100");
    }

    [PostgresFact]
    public void Anomaly_BySeason_LooksAtTheSameWeekdayOnly()
    {
        var test = Given.Test(
            "anomaly",
            null,
            null,
            ("metric", "row_count"),
            ("season", "weekday"),
            ("min_history", 3L)
        );
        // weekends are quiet: the day of the test is a Saturday
        Given.Now.DayOfWeek.ShouldBe(DayOfWeek.Saturday);
        var memory = new CheckMemory
        {
            History =
            [
                .. Enumerable
                    .Range(1, 28)
                    .Select(days => Given.Now.AddDays(-days))
                    .Select(at => new PastMeasure(
                        at,
                        at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 10 : 1000
                    )),
            ],
        };
        Run(test, memory, Numbers(1, 10)).Status.ShouldBe(CheckStatus.Pass);
        Run(test, memory, Numbers(1, 1000)).Status.ShouldBe(CheckStatus.Fail);
        var plain = Given.Test("anomaly", null, null, ("metric", "row_count"));
        Run(plain, memory, Numbers(1, 1000)).Status.ShouldBe(CheckStatus.Pass);
    }

    [PostgresFact]
    public void Anomaly_OfAnyMetric_IsANumber()
    {
        foreach (
            var (metric, expected) in new[]
            {
                ("null_rate", 0.2),
                ("mean", 2.5),
                ("sum", 10),
                ("min", 1),
                ("max", 4),
                ("distinct_count", 4),
                ("stddev", Math.Sqrt(5.0 / 3)),
            }
        )
        {
            var verdict = Run(
                Given.Test("anomaly", "a", null, ("metric", metric)),
                CheckMemory.None,
                ["1", "2", "3", "4", "null"]
            );
            double.Parse(verdict.Observed!, System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBe(expected, 1e-9, metric);
        }
    }

    [PostgresFact]
    public void Volume_WithoutBounds_IsHeldAgainstThePast()
    {
        var test = Given.Test("volume", null, null, ("min_history", 3L));
        Run(test, Past(50, 51, 49), Numbers(1, 50)).Status.ShouldBe(CheckStatus.Pass);
        Run(test, Past(50, 51, 49), Numbers(1, 5)).Status.ShouldBe(CheckStatus.Fail);
    }

    [PostgresFact]
    public void Schema_TakesABaseline_AndNamesWhatDiffersFromIt()
    {
        var test = Given.Test("schema");
        var first = Run(test, CheckMemory.None, []);
        (first.Status, first.Note, first.IsRemark).ShouldBe(
            (CheckStatus.Pass, "baseline taken: 2 columns", true)
        );
        var baseline = new CheckMemory
        {
            Baseline = new CheckBaseline(first.NewBaseline.ShouldNotBeNull(), Given.Now.AddDays(-30)),
        };
        var same = Run(test, baseline, []);
        (same.Status, same.NewBaseline, same.Failures).ShouldBe((CheckStatus.Pass, null, 0));

        var changed = Given.Relation("orders", ("a", "bigint"), ("n", "date"));
        var verdict = Run(test, baseline, [], changed);
        (verdict.Status, verdict.Failures, verdict.NewBaseline).ShouldBe((CheckStatus.Fail, 3, null));
        verdict.Note.ShouldBe(
            "not as in the baseline of 2 columns of 2026-10-22 12:00:00 UTC: ~ a integer -> bigint, - s varchar, + n date"
        );
        Engine
            .Query(verdict.Check.SampleRowsSql(10))
            .Select(row => string.Join('|', row))
            .ShouldBe(["retyped|a|integer|bigint", "removed|s|varchar|", "added|n||date"], ignoreOrder: true);

        var over = Run(test, baseline with { StartsOver = true, Baseline = null }, [], changed);
        (over.Status, over.Note).ShouldBe((CheckStatus.Pass, "baseline taken: 2 columns"));
        over.NewBaseline.ShouldNotBeNull().ShouldNotBe(first.NewBaseline);
    }

    [PostgresFact]
    public void Schema_FailsOnlyForTheChangesThatItIsAskedFor()
    {
        var baseline = Take(Given.Test("schema"), []);
        var moved = Given.Relation("orders", ("s", "varchar"), ("a", "bigint"), ("n", "date"));
        Run(Given.Test("schema", null, null, ("added", "ignore"), ("retyped", "ignore")), baseline, [], moved)
            .Status.ShouldBe(CheckStatus.Pass);
        Run(
            Given.Test(
                "schema",
                null,
                null,
                ("added", "ignore"),
                ("retyped", "ignore"),
                ("reordered", "fail")
            ),
            baseline,
            [],
            moved
        )
            .Note.ShouldNotBeNull()
            .ShouldEndWith(": > a first -> after s");
    }

    [PostgresFact]
    public void Schema_OfDeclaredColumns_NeedsNoBaseline()
    {
        var test = Given.Test("schema", null, null, ("of", "declared"));
        var declared = Relation with
        {
            Declared = [new CheckColumn("a", "int4"), new CheckColumn("t", null)],
        };
        var verdict = Run(test, CheckMemory.None, [], declared);
        (verdict.Status, verdict.NewBaseline).ShouldBe((CheckStatus.Fail, null));
        verdict.Note.ShouldBe("not as in the declared columns: - t, + s varchar");
        var rejected = CheckPlanner.Plan(Given.Request(Engine, Relation, test)).Rejected.Single();
        rejected.Diagnostics.Single().Message.ShouldContain("no columns of 'orders' are declared");
    }

    private static CheckRelation Relation { get; } =
        Given.Relation("orders", ("a", "integer"), ("s", "varchar"));

    private static ImmutableArray<string> Numbers(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i => $"{i}")];

    // newest first, a day apart
    private static CheckMemory Past(params int[] values) =>
        new()
        {
            History = [.. values.Select((value, i) => new PastMeasure(Given.Now.AddDays(-1 - i), value))],
        };

    private CheckMemory Take(TestNode test, IEnumerable<string> rows)
    {
        var verdict = Run(test, CheckMemory.None, rows);
        (verdict.Status, verdict.IsRemark).ShouldBe((CheckStatus.Pass, true));
        return new CheckMemory
        {
            Baseline = new CheckBaseline(verdict.NewBaseline.ShouldNotBeNull(), Given.Now.AddDays(-30)),
        };
    }

    private CheckVerdict Run(
        TestNode test,
        CheckMemory memory,
        IEnumerable<string> rows,
        CheckRelation? relation = null
    )
    {
        Fill(test.Column ?? "a", [.. rows]);
        var request = Given.Request(Engine, relation ?? Relation, test) with
        {
            Memories = ImmutableDictionary<string, CheckMemory>.Empty.Add(test.UniqueId, memory),
        };
        return Engine.Run(CheckPlanner.Plan(request)).Single();
    }

    private void Fill(string column, ImmutableArray<string> rows)
    {
        Engine.Execute("drop table if exists orders");
        Engine.Execute("create table orders (a integer, s varchar)");
        if (!rows.IsEmpty)
            Engine.Execute(
                $"insert into orders ({column}) values {string.Join(", ", rows.Select(row => $"({row})"))}"
            );
    }
}
