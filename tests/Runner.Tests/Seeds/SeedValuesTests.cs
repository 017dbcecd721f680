using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Seeds;

namespace Strata.Runner.Tests.Seeds;

public sealed class SeedValuesTests
{
    [Theory]
    [InlineData("2024-01-05 10:00:00.000000000", "timestamp", "2024-01-05 10:00:00")]
    [InlineData("2024-01-05 10:00:00.123456000", "timestamp", "2024-01-05 10:00:00.123456")]
    [InlineData("2024-01-05T10:00:00Z", "timestamp", "2024-01-05 10:00:00")]
    [InlineData("2024-01-05T10:00:00.5+00:00", "timestamp without time zone", "2024-01-05 10:00:00.5")]
    [InlineData("2024-01-05 00:00:00", "date", "2024-01-05")]
    [InlineData("2024-01-05T00:00:00.000Z", "date", "2024-01-05")]
    public void WhatLosesNothing_Fits(string text, string declared, string value)
    {
        foreach (var engine in new[] { EngineType.DuckDb, EngineType.Postgres })
            SeedValues.Fits(text, declared, engine).ShouldBeTrue();
        var expected = DateTime.Parse(value, CultureInfo.InvariantCulture);
        if (declared == "date")
            DateTime.UnixEpoch.AddDays(SeedValues.ToDate(text)).ShouldBe(expected);
        else
            DateTime.UnixEpoch.AddMicroseconds(SeedValues.ToTimestamp(text)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2024-01-05 10:00:00", "date", true)]
    [InlineData("2024-01-05 00:00:00+02", "date", true)]
    [InlineData("2024-01-05 10:00:00.0000001", "timestamp", true)]
    [InlineData("2024-01-05T10:00:00+02:00", "timestamp", true)]
    [InlineData("1.2345", "decimal(18, 3)", true)]
    [InlineData("many", "decimal(18, 3)", false)]
    [InlineData("2024-13-05 00:00:00", "date", false)]
    [InlineData("tomorrow", "timestamp", false)]
    [InlineData("1_000", "decimal(18, 3)", true)]
    [InlineData("1_000", "bigint", false)]
    [InlineData("0x1F", "integer", false)]
    [InlineData("epoch", "timestamptz", true)]
    public void WhatWouldBeCut_IsAValueAllTheSame(string text, string declared, bool isWritten)
    {
        foreach (var engine in new[] { EngineType.DuckDb, EngineType.Postgres })
            SeedValues.Fits(text, declared, engine).ShouldBeFalse();
        SeedValues.IsWritten(text, declared).ShouldBe(isWritten);
    }
}
