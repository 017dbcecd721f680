using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Analysis;

/// <summary>Which columns tell no row from another; one too many makes two rows one, and a good row is lost.</summary>
public sealed class RunDependentColumnsTests
{
    private const string Sources = """
        sources:
          - name: l
            tables: [{ name: ev }, { name: landed, files: { path: "in/*.csv", format: csv } }]
        """;

    [Theory]
    // what is made of the clock, the batch or chance and of nothing else
    [InlineData(
        "select id, now() as at, _batch_id as batch, uuid() as u from {{ source \"l\" \"landed\" }}",
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

        Names(Columns(project).Of(model).Columns).ShouldBe(expected);
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

        Columns(project).Of(model).Columns.ShouldBe(["a"]);
    }

    [Theory]
    // in what is made anew as a whole all rows have the same
    [InlineData("select id, at from {{ ref \"up\" }}", "at", "at")]
    [InlineData("select id, at from {{ ref \"tab\" }}", "at", "at")]
    [InlineData("select id, at from {{ ref \"eph\" }}", "at", "at")]
    [InlineData("select id, _ingested_at as at from {{ source \"l\" \"landed\" }}", "at", "at")]
    // what stays as it came tells rows apart, unless they stand in one place of a file
    [InlineData("select id, at from {{ ref \"inc\" }}", "", "at")]
    [InlineData("select id, _batch_id from {{ source \"l\" \"ev\" }}", "", "_batch_id")]
    [InlineData("select id, at from {{ changes \"inc\" }}", "", "at")]
    [InlineData("select id, at from {{ changes \"tab\" }}", "", "at")]
    [InlineData("select id, _change_batch as b from {{ changes \"inc\" }}", "b", "b")]
    [InlineData("select id, said from {{ ref \"tab\" }}", "", "said")]
    [InlineData(
        "with k as (select d as at from {{ ref \"ev\" }} group by d) select id, now() as at from k",
        "at",
        "at"
    )]
    // what rows are grouped by
    [InlineData("select at, count(*) as n from {{ ref \"up\" }} group by at", "", "")]
    [InlineData("select u.at as a, count(*) as n from {{ ref \"up\" }} u group by u.at", "", "")]
    [InlineData("select at as a, count(*) as n from {{ ref \"up\" }} group by 1 order by 2", "", "")]
    [InlineData(
        "select date_trunc('day', at) as d, count(*) as n from {{ ref \"up\" }} group by all",
        "",
        ""
    )]
    [InlineData("select now() as at, count(*) as n from {{ ref \"up\" }} group by now()", "", "")]
    [InlineData("select distinct on (at) id, at from {{ ref \"up\" }}", "", "")]
    [InlineData("select * from (select at, id from {{ ref \"up\" }} group by rollup (at, id))", "", "")]
    [InlineData(
        "select id, max(at) as at, now() as t from {{ ref \"up\" }} group by id having count(*) > 1",
        "at t",
        "at t"
    )]
    // a union of what is not the same
    [InlineData(
        "select id, 'a ' || now() as k, now() as t from {{ ref \"ev\" }} union all select id, 'b ' || now(), now() from {{ ref \"ev\" }}",
        "t",
        "t"
    )]
    [InlineData(
        "select id, at from {{ ref \"up\" }} union all select id, at from {{ ref \"tab\" }}",
        "",
        "at"
    )]
    [InlineData(
        "select id, at from {{ ref \"up\" }} where id > 1 union all select id, at from {{ ref \"up\" }}",
        "at",
        "at"
    )]
    [InlineData(
        "select id, cast(now() as timestamp) as local from {{ ref \"ev\" }} union all select id, cast(now() as timestamp) from {{ ref \"ev\" }}",
        "local",
        "local"
    )]
    [InlineData(
        "select id, now() as t from {{ ref \"ev\" }} union all (select id, now() from {{ ref \"ev\" }} union all select id, d from {{ ref \"ev\" }})",
        "",
        ""
    )]
    [InlineData(
        "select id, t from ((select id, now() as t from {{ ref \"ev\" }} union all select id, d from {{ ref \"ev\" }}) union all select id, now() as t from {{ ref \"ev\" }})",
        "",
        ""
    )]
    [InlineData(
        "select id, now() as t from {{ ref \"ev\" }} union all ((select id, now() from {{ ref \"ev\" }}) union all select id, now() from {{ ref \"ev\" }})",
        "t",
        "t"
    )]
    [InlineData(
        "select id, now() as t from {{ ref \"ev\" }} union all by name (select now() as t, id from {{ ref \"ev\" }} union all select d as t, id from {{ ref \"ev\" }})",
        "",
        ""
    )]
    // what a semi or an anti join looks into gives nothing
    [InlineData("select id, at from {{ ref \"ev\" }} semi join {{ ref \"up\" }} using (id)", "", "")]
    [InlineData("select id, at from {{ ref \"ev\" }} anti join {{ ref \"up\" }} using (id)", "", "")]
    [InlineData("select * from {{ ref \"up\" }} semi join {{ ref \"ev\" }} using (id)", "at", "at")]
    public void Of_AModel_TellsWhatIsOneValueInAllRows(string sql, string columns, string ofAPlace)
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            ("models/bronze/ev.sql", "select id, d, at from {{ source \"l\" \"ev\" }}"),
            (
                "models/bronze/up.sql",
                "{{ config materialized: \"view\" }} select id, now() as at from {{ source \"l\" \"ev\" }}"
            ),
            (
                "models/bronze/eph.sql",
                "{{ config materialized: \"ephemeral\" }} select id, now() as at from {{ source \"l\" \"ev\" }}"
            ),
            (
                "models/bronze/tab.sql",
                "{{ config materialized: \"table\" }} select id, now() as at, now() as said from {{ source \"l\" \"ev\" }}"
            ),
            ("models/bronze/tab.yml", "models: [{ name: tab, columns: [{ name: said, volatile: true }] }]"),
            (
                "models/bronze/inc.sql",
                "{{ config materialized: \"incremental\" }} select id, now() as at from {{ source \"l\" \"ev\" }}"
            ),
            ("models/bronze/m.sql", $"{{{{ config materialized: \"incremental\" }}}} {sql}")
        );
        var model = project.Model("m");

        var found = Columns(project).Of(model);

        Names(found.Columns).ShouldBe(columns);
        Names(found.Constant).ShouldBe(columns);
        Names(found.OfAPlace).ShouldBe(ofAPlace);
    }

    [Fact]
    public void Of_AModelThatDeclaresVolatileColumns_LeavesThemOut_ButNoKeys()
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            (
                "models/bronze/m.yml",
                "models: [{ name: m, columns: [{ name: d, volatile: true }, { name: n, volatile: true }] }]"
            ),
            (
                "models/bronze/m.sql",
                "select d, count(*) as n, uuid() as u from {{ source \"l\" \"ev\" }} group by d"
            )
        );
        var found = Columns(project).Of(project.Model("m"));

        Names(found.Columns).ShouldBe("n u");
        found.Constant.ShouldBeEmpty();
    }

    [Fact]
    public void Of_AModelOfManyParentheses_IsNotFollowed()
    {
        var (open, close) = (new string('(', 20_000), new string(')', 20_000));
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            (
                "models/bronze/m.sql",
                $"{open}select now() as a, {open}now(){close} as b from {{{{ source \"l\" \"ev\" }}}}{close}"
            ),
            (
                "models/bronze/n.sql",
                $"select now() as a, {open}now(){close} as b from {{{{ source \"l\" \"ev\" }}}}"
            )
        );

        Names(Columns(project).Of(project.Model("m")).Columns).ShouldBe("");
        Names(Columns(project).Of(project.Model("n")).Columns).ShouldBe("a");
    }

    private static RunDependentColumns Columns(TestProject project) =>
        new(project.Manifest(), ["_batch_id", "_ingested_at"], "_change_batch", project.RunStartedAt);

    private static string Names(IEnumerable<string> columns) =>
        string.Join(' ', columns.Order(StringComparer.Ordinal));
}
