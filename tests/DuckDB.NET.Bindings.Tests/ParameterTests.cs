using System.Numerics;
using DuckDB.NET.Data;

namespace Strata.Bindings.Tests;

public sealed class ParameterTests(Database database) : IClassFixture<Database>
{
    public static TheoryData<object> Values =>
        [
            true,
            (sbyte)-5,
            (short)-300,
            -70000,
            -5000000000L,
            (byte)200,
            (ushort)60000,
            4000000000u,
            ulong.MaxValue,
            1.5f,
            2.5,
            12345.67m,
            -0.01m,
            1000m,
            decimal.MaxValue,
            "text é😀",
            "",
            new string('z', 5000),
            new DateOnly(2024, 2, 29),
            new TimeOnly(13, 14, 15, 678),
            new DateTime(2024, 2, 29, 13, 14, 15, 678),
            Guid.Parse("8f14e45f-ceea-467f-a8a4-0123456789ab"),
            Guid.Parse("00000000-0000-0000-0000-000000000001"),
            BigInteger.Parse("-170141183460469231731687303715884105728"),
            TimeSpan.FromHours(-5.5),
        ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_OfEveryType_MakesTheRoundTrip(object value) =>
        database.Scalar("select $1", value).ShouldBe(value);

    [Fact]
    public void Parameters_ByPositionAndName_AreBound()
    {
        database.Scalar("select $1::int - $2::int", 7, 4).ShouldBe(3);
        database.Scalar("select ? || ?", "a", "b").ShouldBe("ab");
        database
            .Scalar("select $x::int - $y::int", new DuckDBParameter("y", 2), new DuckDBParameter("x", 9))
            .ShouldBe(7);
    }

    [Fact]
    public void Null_AsParameter_IsNull()
    {
        database.Scalar("select $1 is null", [null]).ShouldBe(true);
        database.Scalar("select $1::int is null", DBNull.Value).ShouldBe(true);
    }

    [Fact]
    public void Lists_AsParameters_ArriveWhole()
    {
        database.Scalar("select list_sum($1)::int", new List<int> { 1, 2, 3 }).ShouldBe(6);
        database.Scalar("select $1::varchar", new List<string> { "a", "b" }).ShouldBe("[a, b]");
        database.Scalar("select len($1::int[3])", new List<int> { 1, 2, 3 }).ShouldBe(3L);
    }

    [Fact]
    public void PreparedStatements_ByTheThousand_AreReleased()
    {
        database.Execute("create or replace table prepared(a int, b varchar)");
        for (var i = 0; i < 1000; i++)
            database.Execute("insert into prepared values ($1, $2)", i, $"v{i}");

        database.Scalar("select count(*) from prepared where b = 'v' || a").ShouldBe(1000L);
    }
}
