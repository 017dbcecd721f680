using System.Globalization;
using System.Numerics;
using DuckDB.NET.Native;

namespace Strata.Bindings.Tests;

/// <summary>Values of every type of DuckDB arrive as the CLR values that they stand for.</summary>
public sealed class ReadTests(Database database) : IClassFixture<Database>
{
    private static readonly DateTime Leap = new(2024, 2, 29, 13, 14, 15);

    public static TheoryData<string, object> Values =>
        new()
        {
            { "true", true },
            { "(-5)::tinyint", (sbyte)-5 },
            { "(-300)::smallint", (short)-300 },
            { "(-70000)::int", -70000 },
            { "(-5000000000)::bigint", -5000000000L },
            { "200::utinyint", (byte)200 },
            { "60000::usmallint", (ushort)60000 },
            { "4000000000::uinteger", 4000000000u },
            { "18446744073709551615::ubigint", ulong.MaxValue },
            { "(-170141183460469231731687303715884105728)::hugeint", DuckDBHugeInt.HugeIntMinValue },
            { "340282366920938463463374607431768211455::uhugeint", DuckDBUHugeInt.HugeIntMaxValue },
            { $"'{new string('9', 60)}'::bignum", BigInteger.Parse(new string('9', 60)) },
            { $"'-{new string('9', 60)}'::bignum", BigInteger.Parse("-" + new string('9', 60)) },
            { "1.5::float", 1.5f },
            { "2.25::double", 2.25 },
            { "12.3::decimal(4,1)", 12.3m },
            { "-12345.67::decimal(9,2)", -12345.67m },
            { "1234567890123.45::decimal(18,2)", 1234567890123.45m },
            { "-12345678901234567890.1234::decimal(28,4)", -12345678901234567890.1234m },
            { "''", "" },
            { "'twelve chars'", "twelve chars" },
            { "'thirteen char'", "thirteen char" },
            { "'é😀 across the inline limit'", "é😀 across the inline limit" },
            { "date '2024-02-29'", DateOnly.FromDateTime(Leap) },
            { "time '13:14:15.678901'", new TimeOnly(13, 14, 15).Add(TimeSpan.FromMicroseconds(678901)) },
            { "timestamp '2024-02-29 13:14:15.678901'", Leap.AddMicroseconds(678901) },
            { "timestamptz '2024-02-29 13:14:15.5+02'", Leap.AddHours(-2).AddMilliseconds(500) },
            { "timestamp_s '2024-02-29 13:14:15'", Leap },
            { "timestamp_ms '2024-02-29 13:14:15.678'", Leap.AddMilliseconds(678) },
            { "timestamp_ns '2024-02-29 13:14:15.1234567'", Leap.AddTicks(1234567) },
            { "interval '1 day 2 hours'", new TimeSpan(1, 2, 0, 0) },
            { "interval '-90 minutes'", TimeSpan.FromMinutes(-90) },
            {
                "uuid '8f14e45f-ceea-467f-a8a4-0123456789ab'",
                Guid.Parse("8f14e45f-ceea-467f-a8a4-0123456789ab")
            },
            { "'b'::enum('a','b')", "b" },
            { "'101'::bit", "101" },
            { "'{\"a\":[1,2]}'::json", "{\"a\":[1,2]}" },
            {
                "[1,2,3]::int[3]",
                new List<int> { 1, 2, 3 }
            },
            {
                "['a','b']",
                new List<string> { "a", "b" }
            },
            {
                "map{'k':1,'l':2}",
                new Dictionary<string, int> { ["k"] = 1, ["l"] = 2 }
            },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void GetValue_OfEveryType_GivesTheClrValue(string sql, object expected) =>
        database.Reading($"select {sql}", reader => reader.GetValue(0)).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Values))]
    public void IsDbNull_OfEveryType_SeesTheNull(string sql, object _) =>
        database.Reading($"select nullif({sql}, {sql})", reader => reader.IsDBNull(0)).ShouldBeTrue();

    [Fact]
    public void GetStream_OfABlob_GivesItsBytes() =>
        database
            .Reading(
                "select '\\x00\\xFFabc'::blob",
                reader =>
                {
                    using var stream = reader.GetStream(0);
                    using var copy = new MemoryStream();
                    stream.CopyTo(copy);
                    return copy.ToArray();
                }
            )
            .ShouldBe([0, 255, .. "abc"u8]);

    [Fact]
    public void GetValue_OfAStruct_GivesItsFields()
    {
        var fields = database.Read<Dictionary<string, object>>("select {'a': 1, 'b': 'x'}");

        fields["a"].ShouldBe(1);
        fields["b"].ShouldBe("x");
    }

    [Fact]
    public void Infinities_OfDatesAndTimestamps_AreKept()
    {
        database.Read<DuckDBDateOnly>("select 'infinity'::date").IsPositiveInfinity.ShouldBeTrue();
        database.Read<DuckDBTimestamp>("select '-infinity'::timestamp").IsNegativeInfinity.ShouldBeTrue();
    }

    [Fact]
    public void ProviderValues_PrintAsDuckDbWritesThem()
    {
        database.Read<DuckDBDateOnly>("select date '1582-10-14'").ToString().ShouldBe("1582-10-14");
        database.Read<DuckDBTimeOnly>("select time '23:59:59.999999'").ToString().ShouldBe("23:59:59.999999");
        database
            .Read<DuckDBTimestamp>("select timestamp '1969-12-31 23:59:59.5'")
            .ToString()
            .ShouldBe("1969-12-31 23:59:59.500000");
        database
            .Read<DuckDBTimeTz>("select timetz '13:14:15.5-03:30'")
            .ToString()
            .ShouldBe("13:14:15.500000-03:30");
        database.Read<DuckDBDecimal>("select -0.05::decimal(30,2)").ToString().ShouldBe("-0.05");
        database.Read<DuckDBHugeInt>("select (-1)::hugeint").ToString().ShouldBe("-1");
    }

    [Fact]
    public void IntervalWithMonths_AsTimeSpan_IsRefused()
    {
        var interval = database.Read<DuckDBInterval>("select interval '1 year 2 days -3 seconds'");

        interval.Months.ShouldBe(12);
        interval.Days.ShouldBe(2);
        ((long)interval.Micros).ShouldBe(-3_000_000);
        Should.Throw<InvalidOperationException>(() => (TimeSpan)interval);
    }

    [Fact]
    public void Dates_OverTenThousandYears_MakeTheRoundTrip()
    {
        using var command = database.Command(
            "select d::varchar, d from (select date '0001-01-01' + (i * 183)::int d from range(20000) t(i))"
        );
        using var reader = command.ExecuteReader();
        var rows = 0;
        for (; reader.Read(); rows++)
        {
            var date = reader.GetFieldValue<DuckDBDateOnly>(1);
            date.ToString().ShouldBe(reader.GetString(0));
            DuckDBDateOnly.FromDuckDBDate(date.ToDuckDBDate()).ShouldBe(date);
        }
        rows.ShouldBe(20000);
    }

    [Fact]
    public void ListWithNulls_AsNullableList_KeepsThem() =>
        database.Read<List<int?>>("select [1, null, 3]").ShouldBe([1, null, 3]);

    [Fact]
    public void Numbers_OfAnyCulture_DoNotDependOnIt()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            database.Read<DuckDBDecimal>("select 1234.5::decimal(20,1)").ToString().ShouldBe("1234.5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
