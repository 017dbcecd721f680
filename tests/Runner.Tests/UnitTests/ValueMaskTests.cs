using Shouldly;
using Strata.Runner.UnitTests.Capture;
using Xunit;

namespace Strata.Runner.Tests.UnitTests;

public sealed class ValueMaskTests
{
    private static readonly ValueMask Mask = new([1, 2, 3]);

    [Fact]
    public void Mask_SameValue_IsTheSameMaskUnderOneKeyOnly()
    {
        var once = Mask.Mask("Ada.Lovelace@example.org", isText: true);

        Mask.Mask("Ada.Lovelace@example.org", isText: true).ShouldBe(once);
        new ValueMask([9]).Mask("Ada.Lovelace@example.org", isText: true).ShouldNotBe(once);
    }

    [Fact]
    public void Mask_Text_KeepsItsShapeAndNothingElse()
    {
        var masked = (string?)Mask.Mask("Ada.Lovelace7@example.org", isText: true);

        masked.ShouldNotBeNull().ShouldMatch("^[A-Z][a-z]{2}\\.[A-Z][a-z]{7}[0-9]@[a-z]{7}\\.[a-z]{3}$");
        masked.ShouldNotContain("ovelace");
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(short.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(1000L)]
    [InlineData(-999L)]
    public void Mask_Number_IsAnotherOneThatStillFits(long number)
    {
        var masked = Mask.Mask(number, isText: false).ShouldBeOfType<long>();

        masked.ShouldNotBe(number);
        Math.Abs((decimal)masked).ShouldBeLessThanOrEqualTo(Math.Abs((decimal)number));
    }

    [Fact]
    public void Mask_OtherTypes_StayWhatTheyAre()
    {
        Mask.Mask(12.50m, isText: false).ShouldBeOfType<decimal>().ShouldNotBe(12.50m);
        Mask.Mask(new DateOnly(1990, 5, 1), isText: false)
            .ShouldBeOfType<DateOnly>()
            .ShouldNotBe(new DateOnly(1990, 5, 1));
        Mask.Mask(Guid.Empty, isText: false).ShouldBeOfType<Guid>().ShouldNotBe(Guid.Empty);
        Mask.Mask(null, isText: true).ShouldBeNull();
        Mask.Mask("{'name': Ada}", isText: false)
            .ShouldBeNull("the engine's text of a struct cannot be masked");
    }

    [Fact]
    public void Mask_FirstDays_GoForward()
    {
        for (var day = 0; day < 5000; day += 500)
        {
            var date = DateOnly.MinValue.AddDays(day);
            var time = DateTime.MinValue.AddDays(day);
            var instant = DateTimeOffset.MinValue.AddDays(day);

            Mask.Mask(date, isText: false).ShouldBeOfType<DateOnly>().ShouldNotBe(date);
            Mask.Mask(time, isText: false).ShouldBeOfType<DateTime>().ShouldNotBe(time);
            Mask.Mask(instant, isText: false).ShouldBeOfType<DateTimeOffset>().ShouldNotBe(instant);
        }
    }

    [Fact]
    public void Mask_Date_IsOneOfTheTenYearsBefore() =>
        Mask.Mask(new DateOnly(1990, 5, 1), isText: false)
            .ShouldBeOfType<DateOnly>()
            .ShouldBeInRange(new DateOnly(1980, 5, 1), new DateOnly(1990, 4, 30));

    // decimal(2, 2) has no room before the point
    [Theory]
    [InlineData("0.50")]
    [InlineData("0.07")]
    [InlineData("-0.5")]
    [InlineData("-0.123456")]
    public void Mask_Fraction_StaysOneWithItsSign(string text)
    {
        var number = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        for (byte key = 0; key < 50; key++)
        {
            var masked = new ValueMask([key]).Mask(number, isText: false).ShouldBeOfType<decimal>();

            decimal.Truncate(masked).ShouldBe(0);
            masked.Scale.ShouldBe(number.Scale);
            (masked == 0 || Math.Sign(masked) == Math.Sign(number)).ShouldBeTrue();
        }
    }
}
