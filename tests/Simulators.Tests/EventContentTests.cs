using Strata.Simulators.Events;

namespace Strata.Simulators.Tests;

/// <summary>What the landed lines hold: the schema, the mix, and every flaw at its documented rate.</summary>
public sealed class EventContentTests(LandedEvents landed) : IClassFixture<LandedEvents>
{
    private static readonly string[] Fields =
    [
        "event_id",
        "user_id",
        "event_type",
        "page",
        "timestamp",
        "source",
    ];

    [Fact]
    public void Lines_ThatAreEvents_HaveTheFieldsOfTheContract()
    {
        foreach (var line in landed.Valid)
        {
            line.Event!.Select(field => field.Key).ShouldBe(Fields);
            Guid.TryParseExact(line.Field("event_id"), "D", out _).ShouldBeTrue(line.Text);
            line.Event!["user_id"]!.GetValue<int>().ShouldBeGreaterThan(0);
            line.Field("page")!.ShouldStartWith("/");
            line.Field("source").ShouldBeOneOf("web", "mobile");
        }
    }

    [Fact]
    public void Report_Counts_MatchWhatLiesInTheFiles()
    {
        landed.Report.Lines.ShouldBe(landed.Lines.Count);
        landed.Report.Events.ShouldBe(60_000);
        landed.Report.Duplicates.ShouldBe(landed.Lines.Count - 60_000);
        landed.Report.Malformed.ShouldBe(landed.Lines.Count - landed.Events.Count);
        landed.Report.Bad.ShouldBe(landed.Events.Count - landed.Valid.Count);
        landed.Report.Files.ShouldBe(20 * 4);
    }

    [Fact]
    public void EventIds_OfDuplicatesAside_AreUnique() =>
        landed.FirstArrivals.Count().ShouldBe(landed.Valid.Count - (int)landed.Report.Duplicates);

    [Fact]
    public void EventTypes_InTheMix_AreClicksThenLoginsThenPurchases()
    {
        var count = landed.Valid.CountBy(line => line.Field("event_type")!).ToDictionary();
        count["click"].ShouldBeGreaterThan(count["login"]);
        count["login"].ShouldBeGreaterThan(count["purchase"]);
        count["purchase"].ShouldBeGreaterThan(count["logout"]);
    }

    [Fact]
    public void Users_OverTheDays_BecomeMore()
    {
        var seen = new HashSet<string>();
        var newOnes = landed
            .Valid.GroupBy(line => line.Date)
            .Select(day => day.Count(line => seen.Add(line.Field("user_id")!)))
            .ToList();
        newOnes.ShouldAllBe(count => count > 0);
        int.Parse(seen.MaxBy(int.Parse)!).ShouldBe(1_000 + 20 * 20);
    }

    [Fact]
    public void Events_OfOneDay_ComeMostlyFromActiveUsers()
    {
        var perUser = landed
            .Valid.Where(line => line.Date == new DateOnly(2026, 1, 10))
            .CountBy(line => line.Field("user_id")!)
            .Select(pair => pair.Value)
            .OrderDescending()
            .ToList();
        var active = (1_000 + 20 * 10) / 5;
        var share = perUser.Take(active).Sum() / (double)perUser.Sum();
        share.ShouldBeInRange(0.75, 0.92);
    }

    [Fact]
    public void Flaws_OfEachKind_OccurAtTheirRates()
    {
        var unknownType = landed.Events.Count(line =>
            line.Field("event_type") is not ("login" or "click" or "purchase" or "logout")
        );
        var missingUser = landed.Events.Count(line => line.Field("user_id") is null);
        var badTimestamp = landed.Events.Count(line => !LandedEvents.IsTimestamp(line.Field("timestamp")));
        ShouldBeNear(unknownType, FlawRates.UnknownType);
        ShouldBeNear(missingUser, FlawRates.MissingUser);
        ShouldBeNear(badTimestamp, FlawRates.BadTimestamp);
        ShouldBeNear((int)landed.Report.Malformed, FlawRates.Truncated + FlawRates.Garbage);
        ShouldBeNear((int)landed.Report.Duplicates, FlawRates.SameDayDuplicate + FlawRates.NextDayDuplicate);
        ShouldBeNear(landed.FirstArrivals.Count(line => line.Happened < line.Date), FlawRates.Late);
    }

    [Fact]
    public void Events_WhenTheyArrive_AreOfThePeriodAndAtMostSixDaysOld()
    {
        landed
            .Valid.Select(line => line.Date.DayNumber - line.Happened.DayNumber)
            .ShouldAllBe(days => days >= 0 && days <= 6);
        landed.Valid.Min(line => line.Happened).ShouldBe(new DateOnly(2026, 1, 1));
    }

    [Fact]
    public void Duplicates_ThatAreRestamped_SayAnotherTime()
    {
        var restamped = landed
            .Valid.GroupBy(line => line.Field("event_id"))
            .Where(same => same.Select(line => line.Text).Distinct().Count() > 1)
            .ToList();
        ShouldBeNear(restamped.Count, FlawRates.NextDayDuplicate * FlawRates.Restamped);
        restamped.ShouldAllBe(same => same.Select(line => line.Field("timestamp")).Distinct().Count() > 1);
    }

    /// <summary>Within a third of what the rate promises: wide enough for this seed, narrow enough to notice a slip.</summary>
    private static void ShouldBeNear(int count, double rate) =>
        ((double)count).ShouldBeInRange(60_000 * rate * 0.67, 60_000 * rate * 1.33);
}
