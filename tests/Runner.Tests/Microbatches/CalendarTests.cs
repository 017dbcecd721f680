using Strata.Compiler.Manifest.Models;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Tests.Microbatches;

public sealed class CalendarTests
{
    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(BatchSize.Hour, "2026-11-21T01:45:10Z", "2026-11-21T01:00:00Z", "2026-11-21T02:00:00Z")]
    [InlineData(BatchSize.Day, "2026-11-21T01:45:10Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData(BatchSize.Day, "2026-11-21T01:45:10+05:00", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData(BatchSize.Month, "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData(BatchSize.Year, "2024-02-29T00:00:00Z", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    public void FloorAndCeiling_AreBoundariesOfUtc(
        BatchSize size,
        string instant,
        string floor,
        string ceiling
    )
    {
        Calendar.Floor(size, At(instant)).ShouldBe(At(floor));
        Calendar.Ceiling(size, At(instant)).ShouldBe(At(ceiling));
    }

    [Theory]
    [InlineData(BatchSize.Hour)]
    [InlineData(BatchSize.Day)]
    [InlineData(BatchSize.Month)]
    [InlineData(BatchSize.Year)]
    public void Ceiling_OfABoundary_IsTheBoundary(BatchSize size) =>
        Calendar.Ceiling(size, At("2026-01-01T00:00:00Z")).ShouldBe(At("2026-01-01T00:00:00Z"));

    [Fact]
    public void Periods_OfMonths_HaveTheLengthOfTheMonth() =>
        Calendar
            .Periods(BatchSize.Month, At("2024-01-01T00:00:00Z"), At("2024-04-01T00:00:00Z"))
            .Select(period => (period.End!.Value - period.Start!.Value).Days)
            .ShouldBe([31, 29, 31]);
}
