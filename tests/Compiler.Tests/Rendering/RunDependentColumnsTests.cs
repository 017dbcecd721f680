using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Rendering;

/// <summary>Which columns tell no row from another; one too many makes two rows one, and a good row is lost.</summary>
public sealed class RunDependentColumnsTests
{
    private const string Sources = """
        sources:
          - name: l
            tables: [{ name: ev }]
        """;

    [Theory]
    // what is made of the clock, the batch or chance and of nothing else
    [InlineData(
        "select id, now() as at, _batch_id as batch, uuid() as u from {{ source \"l\" \"ev\" }}",
        "at batch u"
    )]
    [InlineData(
        "select id, now() at, current_date d, current_timestamp(3) t from {{ ref \"up\" }}",
        "at d t"
    )]
    [InlineData("select id, now(), current_timestamp from {{ ref \"up\" }}", "current_timestamp now now()")]
    [InlineData(
        "select cast(now() as date) as a, now()::timestamp with time zone as b, now() - interval 1 day as c",
        "a b c"
    )]
    [InlineData(
        "select extract(epoch from at) as e, date_trunc('day', u.at) as t from {{ ref \"up\" }} u",
        "e t"
    )]
    [InlineData("select '{{ run_started_at }}' as at, 'x' as kind from {{ ref \"up\" }}", "at")]
    // what is passed on
    [InlineData("select * from {{ ref \"up\" }}", "at")]
    [InlineData("select * exclude (at), at as at2 from {{ ref \"up\" }}", "at2")]
    [InlineData("select x.* from (select id, at as seen from {{ ref \"up\" }}) as x", "seen")]
    [InlineData(
        "with a as (select * from {{ ref \"up\" }}), b as (select id, at as seen from a) select id, seen from b",
        "seen"
    )]
    [InlineData("(select id, at from {{ ref \"up\" }})", "at")]
    [InlineData(
        "select u.id, u.at, d.name from {{ ref \"up\" }} u left join {{ ref \"dim\" }} d using (id)",
        "at"
    )]
    // another column of the same name
    [InlineData(
        "with t as (select current_date as d), r as (select id, d from {{ ref \"ev\" }}) select id, d from r where d <= (select d from t)",
        ""
    )]
    [InlineData("with t as (select current_date as d) select r.id, r.d from {{ ref \"ev\" }} r, t", "")]
    [InlineData("select id, at from {{ ref \"ev\" }} where id in (select id from {{ ref \"up\" }})", "")]
    [InlineData("select e.id, e.at from {{ ref \"ev\" }} e join {{ ref \"up\" }} u on u.id = e.id", "")]
    [InlineData("select id, at from (select id, d as at from {{ ref \"ev\" }})", "")]
    // what says something of the row, too
    [InlineData(
        "select id, case when d < current_date then 'late' else 'open' end as d from {{ ref \"ev\" }}",
        ""
    )]
    [InlineData(
        "select id, case when d < current_date then 1 else 2 end, case when id > 1 then 2 end as x from {{ ref \"ev\" }}",
        ""
    )]
    [InlineData(
        "select coalesce(d, now()) as d, now() > d as late, count(at) as n, now() is null from {{ ref \"up\" }}",
        ""
    )]
    [InlineData(
        "select row_number() over (order by at) as n, (select max(at) from {{ ref \"up\" }}) as m from {{ ref \"up\" }}",
        ""
    )]
    // a null says that a join found nothing
    [InlineData("select e.id, u.at from {{ ref \"ev\" }} e left join {{ ref \"up\" }} u using (id)", "")]
    [InlineData("select id, at from {{ ref \"up\" }} full join {{ ref \"ev\" }} using (id)", "")]
    // branches of a union, by place or by name
    [InlineData(
        "select id, now() as at from {{ ref \"ev\" }} union all select id, now() as b from {{ ref \"up\" }}",
        "at"
    )]
    [InlineData(
        "select id, now() as at from {{ ref \"ev\" }} union all select id, d from {{ ref \"ev\" }}",
        ""
    )]
    [InlineData(
        "select *, now() as t from {{ ref \"ev\" }} union all (select *, now() as t from {{ ref \"ev\" }})",
        "t"
    )]
    [InlineData(
        "select now() as t, id from {{ ref \"ev\" }} union all by name select id, now() as t from {{ ref \"ev\" }}",
        "t"
    )]
    // brackets of any kind are one item
    [InlineData("select {'a': now(), 'b': d} as at, [now(), d] as l, now() as t from {{ ref \"ev\" }}", "t")]
    // what cannot be followed
    [InlineData("select d, now() as d from {{ ref \"ev\" }}", "")]
    [InlineData("select * replace (d as at) from {{ ref \"up\" }}", "")]
    [InlineData("select * from {{ ref \"ev\" }} join {{ ref \"up\" }} using (id)", "")]
    [InlineData("with a(id, d) as (select at, id from {{ ref \"up\" }}) select id, d from a", "")]
    [InlineData("select id, at from {{ ref \"up\" }} as u(at, id, x)", "")]
    [InlineData("select id, at from {{ ref \"up\" }} natural join {{ ref \"ev\" }}", "")]
    [InlineData("select id, u from {{ ref \"up\" }}", "")]
    public void Of_AModel_GivesWhatIsPlainlyOfTheRun(string sql, string expected)
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            ("models/bronze/ev.sql", "select id, d, at from {{ source \"l\" \"ev\" }}"),
            ("models/bronze/dim.sql", "select id, name from {{ source \"l\" \"ev\" }}"),
            ("models/bronze/up.sql", "select id, now() as at, uuid() as u from {{ source \"l\" \"ev\" }}"),
            ("models/bronze/m.sql", sql)
        );
        var model = project.Model("m");

        var found = new RunDependentColumns(project.Manifest(), ["_batch_id"], project.RunStartedAt).Of(
            model
        );

        string.Join(' ', found.Order(StringComparer.Ordinal)).ShouldBe(expected);
    }

    [Fact]
    public void Of_AnIncrementalModel_WantsItInBothQueries()
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            (
                "models/bronze/m.sql",
                "{{ config materialized: \"incremental\" }} select id, now() as a, {{ if is_incremental }}d{{ else }}now(){{ end }} as b from {{ source \"l\" \"ev\" }}"
            )
        );
        var model = project.Model("m");

        new RunDependentColumns(project.Manifest(), [], project.RunStartedAt).Of(model).ShouldBe(["a"]);
    }
}
