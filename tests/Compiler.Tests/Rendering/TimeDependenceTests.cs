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
    [InlineData("select id, (select now()) as built_at from t")]
    [InlineData("select id, (select now() from t limit 1) as built_at from t")]
    [InlineData("select {'at': now()} as s, [now()] as l, struct_pack(at := now()) as p, {at: now()} from t")]
    [InlineData("select * replace (now() as due) from t")]
    [InlineData("select t.* exclude (id) replace (now() as due) from t")]
    [InlineData("select id, built from t cross join (values (now())) v(built)")]
    [InlineData("select id, built: now() from t")]
    [InlineData("select built: now(), id from t")]
    [InlineData("select id, max(now()) over () as at, max(now()) over (order by now()) from t")]
    [InlineData("select id from t order by now(), id desc")]
    [InlineData("select current_date as day, count(*) as n from t group by current_date")]
    [InlineData("select id, concat('run ', now()) as run, round(extract(epoch from now())) as at from t")]
    [InlineData("select md5(now()::text), replace(now()::text, ' ', 'T') r, nullif(now(), null) as n from t")]
    [InlineData("values (1, now()), (2, current_date)")]
    [InlineData("select id, now() - interval 1 day as before, now() at time zone 'UTC' as utc from t")]
    [InlineData("select id, now()::timestamp(3) with time zone as at, cast(now() as decimal(3, 1)) c from t")]
    [InlineData("select 'today' as day, cast('today' as text) as text, age(due, made) as age from t")]
    [InlineData("with age(id) as (select 1) select id from age where id > 1")]
    [InlineData("with p as (select now() as at) select i.id, p.at from t i, p")]
    [InlineData(
        "with a as (select id, now() as at from t) select a.id, a.at from a left join u on u.id = a.id where a.at is null"
    )]
    [InlineData("with a as (select a.id, now() as at from u a where a.at > 3) select id from a")]
    [InlineData("select t.id from u t, (select now() as at from u t) where t.at > 1")]
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
    [InlineData("select id, (select §now()) - due as age from t")]
    [InlineData("select * replace (§now() - due as due) from t")]
    [InlineData("select id from t order by §now() - due limit 1")]
    [InlineData("select id from t cross join (values (1)) v(x) where due < §now()")]
    [InlineData("select id, {'late': §now() - due} as s from t")]
    [InlineData("select id, count(*) * extract(day from §now()) as n from t")]
    [InlineData("select §current_date - due from t")]
    [InlineData("select id, §now() at time zone zone from t")]
    [InlineData("select max(§current_date - due) over () as age from t")]
    [InlineData("select case when §now() > date '2027-01-01' then 1 end as new from t")]
    [InlineData("select id, x from t, range(date '2026-01-01', §current_date, interval 1 day) r(x)")]
    [InlineData(
        "with p as (select current_date as today) select i.id from inv i, p where cast(i.due as date) < §p.today"
    )]
    [InlineData(
        "with p as (select current_date as today) select i.id, §q.today - i.due as days from inv i cross join p as q"
    )]
    [InlineData("select inv.id from inv, (select current_date as d) t where due < §t.d")]
    [InlineData("select id, §age(cast(due as timestamp)) as age from t")]
    [InlineData("select id from t where due < cast(§'today' as date)")]
    [InlineData("select id from t where due < §'now'::timestamp or due < timestamp 'now'")]
    public void AConditionOrAColumnOfClockAndData_IsFound(string marked) =>
        TimeDependence
            .Find(marked.Replace("§", "", StringComparison.Ordinal))
            .ShouldBe(marked.IndexOf('§', StringComparison.Ordinal));
}
