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
}
