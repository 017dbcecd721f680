using Strata.Runner.Materializations;

namespace Strata.Runner.Tests.Materializations;

public sealed class AddressSpanTests
{
    private static AddressSpan[] Covering(params (long First, long Last)[] places) =>
        [.. AddressSpan.Covering(places.Select(place => new AddressSpan(place.First, place.Last)))];

    [Fact]
    public void FewPlacesFarApart_AreTheirOwnSpans() =>
        Covering((0, 10), (1_000_000, 1_000_020))
            .ShouldBe([new AddressSpan(0, 10), new AddressSpan(1_000_000, 1_000_020)]);

    [Fact]
    public void WhatLiesCloseTogether_IsOneSpan() =>
        Covering((0, 122_000), (123_000, 245_000), (9_000_000, 9_000_000))
            .ShouldBe([new AddressSpan(0, 245_000), new AddressSpan(9_000_000, 9_000_000)]);

    [Fact]
    public void PlacesThatCoverMostOfIt_AreNotWorthNaming() =>
        Covering((0, 100_000), (125_000, 240_000), (260_000, 360_000)).ShouldBeEmpty();

    [Fact]
    public void MorePlacesThanAreWorthAsking_AreNotNamed() =>
        Covering([.. Enumerable.Range(0, 65).Select(i => (i * 1_000_000L, i * 1_000_000L))]).ShouldBeEmpty();

    [Fact]
    public void OnePlace_HasNothingBesideIt() => Covering((5, 500_000)).ShouldBeEmpty();

    [Fact]
    public void NoPlace_HasNoSpan() => Covering().ShouldBeEmpty();
}
