using Shouldly;
using Strata.Compiler.Sql;
using Strata.Runner.UnitTests;
using Xunit;

namespace Strata.Runner.Tests.UnitTests;

public sealed class LosslessCastTests
{
    [Theory]
    [InlineData("2026-11-01", "date")]
    [InlineData("2026-11-01 00:00:00", "DATE")]
    [InlineData("2026-11-01T00:00:00.000Z", "date")]
    [InlineData("2026-11-01 00:00:00+00:00", "date")]
    [InlineData("infinity", "date")]
    [InlineData("10:00", "time")]
    [InlineData("10:00:00.50 UTC", "time(1) without time zone")]
    [InlineData("10:00:00+02", "time with time zone")]
    [InlineData("2026-11-01 10:00:00.123456000", "timestamp")]
    [InlineData("2026-11-01 10:00:00Z", "timestamp without time zone")]
    [InlineData("2026-11-01 10:00:00.123456789", "timestamp_ns")]
    [InlineData("20261101T100000", "timestamp")]
    [InlineData("2026-11-01T10:00:00+02:00", "timestamptz")]
    [InlineData("2026-11-01 10:00:00 Europe/Berlin", "timestamp with time zone")]
    [InlineData("2026-11-01 10:00:00.500", "timestamp(1) with time zone")]
    [InlineData("1.00", "bigint")]
    [InlineData("16e-1", "decimal(3, 1)")]
    [InlineData("1_000", "integer")]
    [InlineData("1200", "numeric(3,-2)")]
    [InlineData("many", "integer")]
    [InlineData("0.1", "real")]
    [InlineData("1.23456789012345678901234567890123456789", "numeric")]
    [InlineData("ab", "char(4)")]
    [InlineData("abcd   ", "character(4)")]
    [InlineData("äöü", "varchar(3)")]
    [InlineData("abcdef", "text")]
    [InlineData("101", "bit(3)")]
    public void Keeps_AnotherSpelling_IsTheSame(string text, string type) =>
        LosslessCast.Keeps(text, type, EngineType.Postgres).ShouldBeTrue();

    [Theory]
    [InlineData("2026-11-01 23:59:00", "date")]
    [InlineData("2026-11-01T00:00:00.001", "date")]
    [InlineData("2026-11-01 00:00:00+02:00", "date")]
    [InlineData("20261101T100000", "date")]
    [InlineData("2027-05-05 10:00:00", "time")]
    [InlineData("10:00 2027-05-05", "time without time zone")]
    [InlineData("10:00:00+02", "time")]
    [InlineData("10:00:00.55", "time(1) without time zone")]
    [InlineData("2027-05-05 10:00:00+02", "timetz")]
    [InlineData("2026-11-01T10:00:00+02:00", "timestamp")]
    [InlineData("2026-11-01 10:00:00-0330", "timestamp without time zone")]
    [InlineData("2026-11-01 10:00:00 Europe/Berlin", "timestamp")]
    [InlineData("2026-11-01 10:00:00.1234567", "timestamp")]
    [InlineData("2026-11-01 10:00:00.5", "timestamp(0) without time zone")]
    [InlineData("2026-11-01 10:00:00.55", "timestamp(1) with time zone")]
    [InlineData("1.6", "bigint")]
    [InlineData("16e-1", "int4")]
    [InlineData("1.234", "decimal(10,2)")]
    [InlineData("1.6", "numeric(5)")]
    [InlineData("1250", "numeric(3,-2)")]
    [InlineData("abcdef", "varchar(3)")]
    [InlineData("abc ", "character varying(3)")]
    [InlineData("abcde", "char(4)")]
    [InlineData("ab", "character")]
    [InlineData("10101", "bit(3)")]
    [InlineData("10101", "bit varying(3)")]
    public void Keeps_WhatHasNoRoom_IsNotKept(string text, string type) =>
        LosslessCast.Keeps(text, type, EngineType.Postgres).ShouldBeFalse();

    [Theory]
    [InlineData("abcdef", "varchar(3)", true)]
    [InlineData("abcde", "char(4)", true)]
    [InlineData("10101", "bit", true)]
    [InlineData("1.234", "decimal", true)]
    [InlineData("1.2345", "decimal", false)]
    [InlineData("2026-11-01 10:00:00.5", "timestamp_s", false)]
    [InlineData("1.5", "uhugeint", false)]
    public void Keeps_DuckDb_HasItsOwnLimits(string text, string type, bool keeps) =>
        LosslessCast.Keeps(text, type, EngineType.DuckDb).ShouldBe(keeps);
}
