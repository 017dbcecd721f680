using FsCheck;
using FsCheck.Fluent;
using Strata.Runner.Materializations;
using Strata.Runner.Results;

namespace Strata.Runner.Tests.Results;

/// <summary>A ledger of what really happened balances; one with any count off by some does not.</summary>
public sealed class RowLedgerTests
{
    /// <summary>Counts of a publish in which no row was lost or doubled.</summary>
    private static readonly Gen<RowLedger> Balanced =
        from rule in Gen.Elements(RowRule.Replace, RowRule.Insert, RowRule.Merge)
        from inserted in Gen.Choose(0, 50)
        from updated in Gen.Choose(0, rule == RowRule.Insert ? 0 : 50)
        from unchanged in Gen.Choose(0, rule == RowRule.Insert ? 0 : 50)
        from deleted in Gen.Choose(0, rule == RowRule.Merge ? 0 : 50)
        from others in Gen.Choose(0, rule == RowRule.Replace ? 0 : 50)
        from mergedAway in Gen.Choose(0, 5)
        from quarantined in Gen.Choose(0, 5)
        let staged = inserted + updated + unchanged
        let before = updated + unchanged + deleted + others
        select new RowLedger
        {
            Rule = rule,
            Given = staged + mergedAway + quarantined,
            Staged = staged,
            MergedAway = mergedAway,
            Quarantined = quarantined,
            Before = before,
            After = before + inserted - deleted,
            Inserted = inserted,
            Updated = updated,
            Deleted = deleted,
            Met = rule == RowRule.Merge ? staged : null,
        };

    [Fact]
    public void Imbalances_OfWhatHappened_AreNone() =>
        Prop.ForAll(
                Balanced.ToArbitrary(),
                ledger =>
                {
                    ledger.Imbalances().ShouldBeEmpty();
                    var counts = ledger.ToCounts(null);
                    counts.Out.ShouldBe(ledger.After);
                    (
                        counts.Inserted
                        + counts.Updated
                        + counts.Unchanged
                        + counts.MergedAway
                        + counts.Quarantined
                    ).ShouldBe(counts.In);
                    (ledger with { Before = null, After = null, Met = null }).Imbalances().ShouldBeEmpty();
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Imbalances_OfOneCountThatIsOff_AreSome()
    {
        var wrong =
            from ledger in Balanced
            from change in Gen.Elements(-3, -1, 1, 7)
            from which in Gen.Choose(0, 7)
            select (which, change, Ledger: Change(ledger, which, change));
        Prop.ForAll(wrong.ToArbitrary(), test => test.Ledger.Imbalances().ShouldNotBeEmpty($"{test}"))
            .Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Imbalances_OfRowsThatWereUpdatedTwice_AreSome()
    {
        var ledger = new RowLedger
        {
            Rule = RowRule.Merge,
            Staged = 3,
            Inserted = 1,
            Updated = 4,
            Met = 3,
        };

        ledger.Imbalances().ShouldBe(["1 inserted + 4 updated, but only 3 with their keys are there"]);
    }

    [Fact]
    public void Imbalances_OfAKeyThatStandsTwiceInTheTarget_AreNone() =>
        new RowLedger
        {
            Rule = RowRule.Merge,
            Staged = 1,
            Inserted = 0,
            Updated = 2,
            Met = 2,
        }
            .Imbalances()
            .ShouldBeEmpty();

    [Fact]
    public void Imbalances_NameWhatWasCounted() =>
        new RowLedger
        {
            Rule = RowRule.Replace,
            Given = 9,
            Staged = 4,
            MergedAway = 2,
            Quarantined = 1,
            Before = 3,
            Inserted = 0,
            Updated = 1,
            Deleted = 0,
        }
            .Imbalances()
            .ShouldBe([
                "9 in, but 4 staged + 2 merged away + 1 quarantined are 7",
                "3 before + 0 inserted - 0 deleted are 3, but 4 are staged",
            ]);

    private static RowLedger Change(RowLedger ledger, int which, int by) =>
        which switch
        {
            0 => ledger with { Given = ledger.Given + by },
            1 => ledger with { Staged = ledger.Staged + by },
            2 => ledger with { MergedAway = ledger.MergedAway + by },
            3 => ledger with { Quarantined = ledger.Quarantined + by },
            4 => ledger with { Before = ledger.Before + by },
            5 => ledger with { After = ledger.After + by },
            6 => ledger with { Inserted = ledger.Inserted + by },
            _ => ledger with { Deleted = ledger.Deleted + by },
        };
}
