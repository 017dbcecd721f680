using Strata.Compiler.Rendering;

namespace Strata.Compiler.Tests.Rendering;

public sealed class TimeDependenceTests
{
    [Theory]
    [InlineData("select id, now() as loaded_at from t")]
    [InlineData("select id, now() loaded_at, current_date as day from t where id > 1")]
    [InlineData("select distinct current_timestamp as at, id from t group by all")]
    [InlineData("select id, extract(year from current_date) as this_year, date_trunc('month', now()) from t")]
    [InlineData(
        "select id, cast(now() as timestamp) as at from t union all select id, now()::timestamp from u"
    )]
    [InlineData("with a as (select *, now() as at from t) select * from a")]
    [InlineData("select id as now, known_now, now from t where now > 3")]
    [InlineData("select id, 'where d < now()' as text -- where d < now()\nfrom t")]
    [InlineData("select * exclude (id) from t")]
    [InlineData("select id from t where d > date '2026-01-01' order by today")]
    public void AColumnOfTheClockAlone_OrNoQuestion_IsNone(string sql) =>
        TimeDependence.Find(sql).ShouldBeNull();

    [Theory]
    [InlineData("select id from t where due < §now()")]
    [InlineData("select id from t where due < §current_date and id > 1")]
    [InlineData("select id, §current_date - due as days from t")]
    [InlineData("select case when due < §current_date then 1 end as overdue from t")]
    [InlineData("select now() as at, coalesce(ended, §now()) as ended from t")]
    [InlineData("with a as (select id from t where due < §today()) select id, now() as at from a")]
    [InlineData("select a.id from a left join b on b.starts <= §current_timestamp and a.id = b.id")]
    [InlineData(
        "select id, now() as at from t union all select id, at from u where at > §now() - interval 1 day"
    )]
    [InlineData("select count(*) filter (where due < §current_date) as n from t")]
    [InlineData("select id from t qualify row_number() over (order by §now() - d) = 1")]
    [InlineData("select id, (select max(x) from u where d < §now()) as x from t")]
    [InlineData("select now() as at from t group by id having max(d) < §now()")]
    public void AConditionOrAColumnOfClockAndData_IsFound(string marked) =>
        TimeDependence
            .Find(marked.Replace("§", "", StringComparison.Ordinal))
            .ShouldBe(marked.IndexOf('§', StringComparison.Ordinal));
}
