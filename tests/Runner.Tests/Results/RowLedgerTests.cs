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
        from kept in Gen.Elements(true, false)
        from perUpdate in Gen.Choose(1, 2)
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
            Kept = kept ? inserted + deleted + perUpdate * updated : null,
            KeptPerUpdate = perUpdate,
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
    public void Imbalances_OfRowsThatDoNotLeadBack_AreSome()
    {
        var ledger = new RowLedger
        {
            Rule = RowRule.Merge,
            Staged = 5,
            Inserted = 2,
            Updated = 3,
            Deleted = 0,
            Kept = 4,
        };

        ledger.IsSettled.ShouldBeTrue();
        ledger
            .Imbalances()
            .ShouldBe(["4 kept to lead back, but 2 inserted + 0 deleted + 1 x 3 updated are 5"]);
        (ledger with { Kept = 5 }).Imbalances().ShouldBeEmpty();
        (ledger with { Kept = null }).IsSettled.ShouldBeFalse();
        (ledger with { Updated = 2 }).IsSettled.ShouldBeFalse();
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

    /// <summary>A merge of a batch of events in which none was lost.</summary>
    private static readonly Gen<RowLedger> BalancedEvents =
        from counts in Gen.ArrayOf(Gen.Choose(0, 9), 6)
        let deletes = counts[5]
        let rows = counts[0]
        select new RowLedger
        {
            Rule = RowRule.Merge,
            Staged = rows,
            Inserted = rows,
            Updated = 0,
            Deleted = deletes / 2,
            Events = new EventCounts
            {
                Read = rows + deletes + counts[1] + counts[2] + counts[3] + counts[4],
                Applied = rows + deletes,
                Repeated = counts[1],
                Superseded = counts[2],
                LateDropped = counts[3],
                TakenBack = counts[4],
                LastDeletes = deletes,
                ExpectedRows = rows,
            },
        };

    [Fact]
    public void Imbalances_OfEventsThatAreAllAccountedFor_AreNone() =>
        Prop.ForAll(
                BalancedEvents.ToArbitrary(),
                ledger =>
                {
                    ledger.Imbalances().ShouldBeEmpty();
                    var counts = ledger.ToCounts(null);
                    counts.In.ShouldBe(ledger.Events!.Read);
                    counts.WithoutEffect.ShouldBe(ledger.Events.LastDeletes - ledger.Deleted);
                    (
                        counts.Applied
                        + counts.WithoutEffect
                        + counts.MergedAway
                        + counts.LateDropped
                        + counts.TakenBack
                    ).ShouldBe(counts.In);
                    // where the table was built anew, no delete is told from others
                    var whole = (ledger with { Rule = RowRule.None }).ToCounts(null);
                    whole.WithoutEffect.ShouldBeNull();
                    whole.Applied.ShouldBe(ledger.Events.Applied);
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Imbalances_OfEventsOfWhichOneIsLost_AreSome()
    {
        var wrong =
            from ledger in BalancedEvents
            from change in Gen.Elements(-3, -1, 1, 7)
            from which in Gen.Choose(0, 6)
            let events = ledger.Events!
            select ledger with
            {
                Events = which switch
                {
                    0 => events with { Read = events.Read + change },
                    1 => events with { Applied = events.Applied + change },
                    2 => events with { Repeated = events.Repeated + change },
                    3 => events with { Superseded = events.Superseded + change },
                    4 => events with { LateDropped = events.LateDropped + change },
                    5 => events with { TakenBack = events.TakenBack + change },
                    _ => events with { ExpectedRows = events.ExpectedRows + change },
                },
            };
        Prop.ForAll(wrong.ToArbitrary(), ledger => ledger.Imbalances().ShouldNotBeEmpty($"{ledger}"))
            .Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Imbalances_OfEvents_NameWhatWasCounted() =>
        new RowLedger
        {
            Rule = RowRule.Merge,
            Staged = 4,
            Events = new EventCounts
            {
                Read = 9,
                Applied = 5,
                Repeated = 1,
                Superseded = 1,
                LateDropped = 1,
                ExpectedRows = 5,
            },
        }
            .Imbalances()
            .ShouldBe([
                "9 events in, but 5 applied + 2 merged away + 1 late-dropped + 0 taken back are 8",
                "events come to 5 rows, but 4 are staged",
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
