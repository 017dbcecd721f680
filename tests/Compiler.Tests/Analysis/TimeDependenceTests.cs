using System.Diagnostics;
using Strata.Compiler.Analysis.Clock;

namespace Strata.Compiler.Tests.Analysis;

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
    // in what order the clock puts rows, or in what groups, makes no difference
    [InlineData(
        "with s as (select *, now() as loaded_at from t), d as (select *, row_number() over (partition by s.id order by s.loaded_at desc) as rn from s) select * from d where rn = 1"
    )]
    [InlineData(
        "with s as (select *, now() as loaded_at from t) select * from s qualify row_number() over (partition by id order by loaded_at desc) = 1"
    )]
    [InlineData("select id, first_value(now()) over (partition by id order by d) as at from t")]
    [InlineData("select array_agg(id order by current_date, id) as ids from t")]
    [InlineData("select id, array[now()] as at from t")]
    [InlineData("select id, case when true then now() end as at from t")]
    [InlineData("select id, case when id > 1 then 'a' else 'b' end as c, now() as at from t")]
    [InlineData(
        "with s as (select *, now() as loaded_at from t) select id from s group by id having max(s.loaded_at) is not null"
    )]
    [InlineData("with s as (select *, now() as at from t) select id from s group by id having count(at) > 1")]
    // the same name may be that of a column which is not known
    [InlineData("select id, now() as loaded_at from t where loaded_at > date '2026-01-01'")]
    [InlineData(
        "with p as (select now() as at) select id, (select max(d) from u where d < at) as d from t, p"
    )]
    [InlineData("with p as (select now() as date) select id, date '2026-01-01' - d as x from t, p")]
    [InlineData(
        "with p as (select now() as day) select id, d - interval 1 day as x, extract(day from d) as y from t, p"
    )]
    [InlineData("with s as (select id, d from t) select id, now() as d, d > date '2026-01-01' as n from s")]
    [InlineData("select id from t where period = 'today' or period in ('yesterday', 'now')")]
    [InlineData(
        "with p as (select now() as at union all select d from t) select id from u, p where d > p.at"
    )]
    [InlineData(
        "with p as (select * exclude (at) from (select now() as at, d from t)) select id from p where at > d"
    )]
    [InlineData("select id from t where exists (select now() from u where u.id = t.id)")]
    [InlineData("with p as (select current_date as today) select o.*, p.today, today as day from o, p")]
    [InlineData("with s as (select *, now() as at from t) select s.* from s where exists (select at from s)")]
    [InlineData(
        """
            with source as (select * from raw), renamed as (select id as customer_id, name, now() as _loaded_at from source)
            select customer_id, max(_loaded_at) as _loaded_at, count(*) as n, sum(case when name is null then 1 else 0 end) as x
            from renamed r left join u using (customer_id) where r.name <> '' group by 1 having count(*) > 1 order by n desc
            """
    )]
    [InlineData(
        "with s as (select *, current_timestamp as updated_at from t) select s.id, t2.updated_at - t2.created_at as took from s join t2 on t2.id = s.id where t2.updated_at > t2.created_at"
    )]
    [InlineData(
        "with a as (select id, now() as at from t), b as (select id, d as at from u) select b.id from b where b.at > date '2026-01-01' union all select a.id from a"
    )]
    [InlineData(
        "select id, coalesce(now(), current_timestamp) as at, cast(now() as date) as date from t where date > '2026-01-01'"
    )]
    [InlineData("select x.id from (select id, now() as at from t) x join u y on x.id = y.id and y.at > y.d")]
    [InlineData(
        "with p as (select now() as at) select o.id, cast(p.at as timestamp) as at, p.at::date as day from o cross join p"
    )]
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
    [InlineData(
        "with params as (select current_date as today) select id from o where d < (select §today from params)"
    )]
    [InlineData("select id from o where d < (select §current_date)")]
    [InlineData("with p as (select current_date as today) select §today - d as days from o cross join p")]
    [InlineData(
        "with s as (select *, current_date as today from o) select case when d < §today then 1 end as late from s"
    )]
    [InlineData(
        "with p as (select current_date as today), q as (select * from p) select id from o, q where d < §q.today"
    )]
    [InlineData(
        "with p as (select current_date as today), q as (select p.today as t from p) select id from o, q where d < §t"
    )]
    [InlineData("with p(today) as (select current_date) select id from o, p where d < §p.today")]
    [InlineData("with p as (select current_date today) select id from o, p where d < §p.today")]
    [InlineData("select id from o cross join (values (current_date)) as v(d) where due < §v.d")]
    [InlineData("with p as (values (current_date)) select id from o, p as q(t) where due < §t")]
    [InlineData(
        "with s as (select id, due from o) select current_date as today, due < §today as late from s"
    )]
    [InlineData(
        "with s as (select id, due from o) select id, current_date as today from s where due < §today"
    )]
    [InlineData("with p as (from (select current_date as today)) select id from o join p on due < §today")]
    [InlineData("select id from o, lateral (select current_date as today) p where due < §p.today")]
    [InlineData(
        "with p as (select now() as at union all select current_timestamp) select id from o, p where due < §at"
    )]
    [InlineData("select * replace (§today - due as due) from o, (select current_date as today) p")]
    [InlineData("select unnest(generate_series(date '2026-11-20', §current_date, interval 1 day)) as d")]
    [InlineData("select generate_series(date '2026-11-20', §current_date, interval '1 day')::date as d")]
    [InlineData("select id from o where due < §'today'")]
    [InlineData("select id from o where due < §pg_catalog.now() or due > main.today()")]
    [InlineData("select id from o where due < timestamp with time zone §'now'")]
    [InlineData("select id from o where due < §timeofday()")]
    [InlineData("select id from o order by due limit (select dayofmonth(§current_date))")]
    [InlineData("select case when d > §now() then 1 when true then 2 end as c from o")]
    [InlineData("with s as (select *, now() as at from t) select id from s where §s.at > d")]
    public void AConditionOrAColumnOfClockAndData_IsFound(string marked) =>
        TimeDependence
            .Find(marked.Replace("§", "", StringComparison.Ordinal))
            .ShouldBe(marked.IndexOf('§', StringComparison.Ordinal));

    [Fact]
    public void ManyParentheses_AreNotFollowed()
    {
        var (open, close) = (new string('(', 20_000), new string(')', 20_000));

        TimeDependence.Find($"select id from {open}t{close} where {open}d < now(){close}").ShouldBeNull();
        TimeDependence.Find($"{open}select now(){close}").ShouldBeNull();
    }

    [Fact]
    public void AUnionOfManyBranches_IsReadInOnePass()
    {
        var branches = string.Join(
            " union all ",
            Enumerable.Range(0, 20_000).Select(i => $"select id, p.today as day{i} from t{i}, p")
        );
        var before = Stopwatch.StartNew();

        TimeDependence.Find($"with p as (select current_date as today) {branches}").ShouldBeNull();

        before.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("select id from t where due < §'2026-11-29'", "select id from t where due < '2000-01-01'")]
    [InlineData("select id, §2026 - y as age from t", "select id, 2000 - y as age from t")]
    [InlineData(
        "select id, '2026-11-29' as at, 1 as a from t",
        "select id, '2000-01-01' as at, 1 as a from t"
    )]
    [InlineData("select id from §t_2026 where a > 1", "select id from t_2000 where a > 1")]
    [InlineData("select id from t §where a > 1", "select id from t")]
    public void TheStartOfTheRun_IsAQuestion(string marked, string timeless)
    {
        var sql = marked.Replace("§", "", StringComparison.Ordinal);
        var at = marked.IndexOf('§', StringComparison.Ordinal);

        var found = TimeDependence.FindInstant(sql, InstantPlaces.Find(sql, timeless));

        found.ShouldBe(at < 0 ? null : at);
    }
}
