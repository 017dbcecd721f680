using System.Numerics;
using DuckDB.NET.Data;

namespace Strata.Bindings.Tests;

public sealed class AppenderTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public void Rows_OfEveryType_ArriveUnchanged()
    {
        const int Rows = 20_000;
        database.Execute(
            """
            create table appended(a int, b varchar, c decimal(18,2), d timestamp, e double, f boolean, g uuid,
                                  h int[], k enum('x','y'), l date, m blob, n hugeint)
            """
        );
        using (var appender = database.Connection.CreateAppender("appended"))
        {
            for (var i = 0; i < Rows; i++)
            {
                appender
                    .CreateRow()
                    .AppendValue((int?)i)
                    .AppendValue(i % 3 == 0 ? null : $"longer than twelve {i}")
                    .AppendValue(i / 100m)
                    .AppendValue(DateTime.UnixEpoch.AddSeconds(i))
                    .AppendValue(i * 0.5)
                    .AppendValue(i % 2 == 0)
                    .AppendValue(new Guid(i, 0, 0, new byte[8]))
                    .AppendValue(new List<int> { i, i + 1 })
                    .AppendValue(i % 2 == 0 ? "x" : "y")
                    .AppendValue((DateOnly?)new DateOnly(2020, 1, 1).AddDays(i))
                    .AppendValue(new byte[] { 1, (byte)i })
                    .AppendValue(new BigInteger(i) << 70)
                    .EndRow();
            }
        }

        database
            .Scalar(
                """
                select count(*) from appended
                where b is not distinct from case when a % 3 = 0 then null else 'longer than twelve ' || a end
                  and c * 100 = a
                  and d = timestamp '1970-01-01' + to_seconds(a)
                  and e * 2 = a
                  and f = (a % 2 = 0)
                  and g::varchar = printf('%08x', a) || '-0000-0000-0000-000000000000'
                  and h = [a, a + 1]
                  and k = case when a % 2 = 0 then 'x' else 'y' end
                  and l = date '2020-01-01' + a
                  and hex(m) = '01' || printf('%02X', a % 256)
                  and n = a::hugeint << 70
                """
            )
            .ShouldBe((long)Rows);
    }

    [Fact]
    public void Default_Appended_IsTheColumnsDefault()
    {
        database.Execute("create table defaulted(a int, b int default 42)");
        using (var appender = database.Connection.CreateAppender("defaulted"))
            appender.CreateRow().AppendValue((int?)1).AppendDefault().EndRow();

        database.Scalar("select b from defaulted").ShouldBe(42);
    }

    [Fact]
    public void Close_WithADuplicateKey_Throws()
    {
        database.Execute("create table keyed(a int primary key)");
        var appender = database.Connection.CreateAppender("keyed");
        appender.CreateRow().AppendValue((int?)1).EndRow();
        appender.CreateRow().AppendValue((int?)1).EndRow();

        Should.Throw<DuckDBException>(appender.Close).Message.ShouldContain("PRIMARY KEY");
    }

    [Fact]
    public void Create_ForAMissingTable_Throws() =>
        Should
            .Throw<DuckDBException>(() => database.Connection.CreateAppender("nope"))
            .Message.ShouldContain("nope");
}
