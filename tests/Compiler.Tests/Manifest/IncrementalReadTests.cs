using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>What builds without an error and gives wrong rows is warned of; what gives the right ones is not.</summary>
public sealed class IncrementalReadTests
{
    private const string Sources = """
        sources:
          - name: l
            tables: [{ name: ev }, { name: one, files: { path: "in/*.csv", format: csv } }]
        """;

    private static readonly string[] s_grown =
    [
        "materialized: \"incremental\" unique_key: [\"id\"]",
        "materialized: \"incremental\" incremental_strategy: \"delete+insert\" unique_key: [\"id\"]",
        "materialized: \"incremental\" incremental_strategy: \"insert_overwrite\" partition_by: [\"id\"]",
        "materialized: \"cdc\" unique_key: [\"id\"] sequence_by: [\"a\"]",
    ];

    [Theory]
    [InlineData("select * from {{ changes \"up\" }}")]
    [InlineData("with c as (select * from {{ changes \"up\" }}) select * from c")]
    [InlineData("select c.* from {{ changes \"up\" }} c join (select 1 as one) o on true")]
    // what cannot be followed may take them all
    [InlineData("with c as (from {{ changes \"up\" }}) select * from c")]
    [InlineData("with c as (from {{ changes \"up\" }} select *) select * from c")]
    [InlineData("select * from (from {{ changes \"up\" }})")]
    [InlineData("with c as ((select * from {{ changes \"up\" }}) order by 1) select * from c")]
    [InlineData(
        "with o as (select 1 as id), c as (select * from {{ changes \"up\" }} natural join o) select * from c"
    )]
    [InlineData("with c as (table {{ changes \"up\" }}) select * from c")]
    [InlineData("select * from ({{ changes \"up\" }} c join (select 1 as one) on true)")]
    [InlineData("with c (id, a, b) as (select * from {{ changes \"up\" }}) select * from c")]
    [InlineData("with c as (select * from {{ changes \"up\" }} t(a, b, c)) select * from c")]
    [InlineData("with b as (from {{ changes \"up\" }}), c as (from b) select * from c")]
    [InlineData(
        "select id from {{ ref \"ev\" }} union all (select 1 union all select * from {{ changes \"up\" }})"
    )]
    public void AnAppendedModel_TakesAllColumnsOfChanges_IsNotWarnedOf(string sql) =>
        Codes(sql).ShouldNotContain("ST1061");

    [Theory]
    [InlineData("select id from {{ changes \"up\" }}")]
    [InlineData("with c as (select * from {{ changes \"up\" }}) select id from c")]
    [InlineData("with c as (select id from {{ changes \"up\" }}) select * from c")]
    [InlineData("select o.* from {{ changes \"up\" }} c join (select 1 as one) o on true")]
    [InlineData("select * from {{ ref \"ev\" }} semi join {{ changes \"up\" }} using (id)")]
    [InlineData(
        "with o as (from {{ ref \"ev\" }}) select o.*, c.id as c from o join {{ changes \"up\" }} c using (id)"
    )]
    public void AnAppendedModel_DoesNotLookAtWhatHasGone_IsWarnedOf(string sql) =>
        Codes(sql).ShouldContain("ST1061");

    [Theory]
    [InlineData("where ts > (select max(ts) from {{ this }})")]
    [InlineData("where ts >= (select coalesce(max(ts), '2000-01-01') from {{ this }})")]
    [InlineData(
        "where amount > 1 and ts::timestamp > coalesce((select max(ts) from {{ this }}), '2000-01-01')"
    )]
    [InlineData("where ((select max(ts) from {{ this }}) < ts)")]
    [InlineData("where coalesce((select max(ts) from {{ this }}), '2000-01-01') <= ts and amount > 1")]
    [InlineData("o, (select max(ts) as ts from {{ this }}) m where o.ts > m.ts")]
    [InlineData("o join (select max(ts) as ts from {{ this }}) as m on o.ts > m.ts")]
    [InlineData("o join (select 1 as x) m on o.ts > (select max(ts) from {{ this }})")]
    [InlineData("o left join (select 1 as x) m on true where o.ts > (select max(ts) from {{ this }})")]
    [InlineData("where ts > (select max(ts) from {{ this }}) or (select max(ts) from {{ this }}) is null")]
    [InlineData(
        "where ((select max(ts) from {{ this }}) is null) or (amount > 1 and ts > (select max(ts) from {{ this }}))"
    )]
    [InlineData("where ts > (select max(ts) from {{ this }}) or id > (select max(id) from {{ this }})")]
    [InlineData("where (amount > 1 or id > 1) and ts > (select max(ts) from {{ this }})")]
    [InlineData("where ts > (select max(ts) from {{ this }}) or not exists (select 1 from {{ this }})")]
    [InlineData("where ts::date > cast((select max(ts) from {{ this }}) as date)")]
    [InlineData("where ts >= date_trunc('day', (select max(ts) from {{ this }}))")]
    [InlineData("where ts > ifnull((select max(ts) from {{ this }}), '2000-01-01')")]
    [InlineData("where ts > (greatest('2000-01-01', (select max(ts) from {{ this }})))")]
    [InlineData("where ts > all (select ts from {{ this }})")]
    [InlineData("where ts > (select ts from {{ this }} order by ts desc limit 1)")]
    [InlineData("where ts between (select max(ts) from {{ this }}) and now()")]
    [InlineData("where not ts <= (select max(ts) from {{ this }})")]
    [InlineData("s cross join (select max(ts) as newest from {{ this }}) x where s.ts > newest")]
    [InlineData("where ts > (select max(q.ts) from (select * from {{ this }}) q)")]
    [InlineData("where ts > (select max(t.ts) from {{ this }} t where t.ts < now())")]
    public void AMarkOverLandedFiles_IsWarnedOf(string rest) => Marked(rest).ShouldContain("ST1060");

    [Theory]
    [InlineData("where id <> (select max(id) from {{ this }})")]
    [InlineData("where ts <= (select max(ts) from {{ this }})")]
    [InlineData("where (select max(ts) from {{ this }}) > ts")]
    [InlineData("where amount::varchar::json -> (select max(id) from {{ this }}) is null")]
    [InlineData("where amount::varchar::json ->> (select max(id) from {{ this }}) is null")]
    [InlineData("where f(a => (select max(id) from {{ this }})) is null")]
    [InlineData("where _ingested_at::timestamp > (select max(_ingested_at) from {{ this }})")]
    [InlineData("where cast(_ingested_at as timestamp) > (select max(_ingested_at) from {{ this }})")]
    [InlineData("where (select max(_batch_id) from {{ this }}) < cast(_batch_id as bigint)")]
    [InlineData("where not (ts > (select max(ts) from {{ this }}))")]
    [InlineData("where not ts > (select max(ts) from {{ this }})")]
    [InlineData("o left join (select 1 as x) m on o.ts > (select max(ts) from {{ this }})")]
    [InlineData("o anti join (select 1 as x) m on o.ts > (select max(ts) from {{ this }})")]
    [InlineData("where ts > (select max(ts) from {{ this }}) or amount > 1")]
    [InlineData("where id in (1, 2) or (amount > 1 and (ts > (select max(ts) from {{ this }})))")]
    [InlineData("where ts > (select max(ts) from {{ this }}) or ts > now() - interval 3 day")]
    // no row is lost by which one of its key is newer
    [InlineData(
        "s where s.ts > coalesce((select max(t.ts) from {{ this }} t where t.id = s.id), '2000-01-01')"
    )]
    [InlineData("s where s.ts > (select max(ts) from {{ this }} where id = s.id)")]
    [InlineData("s where s.ts > all (select t.ts from {{ this }} t where t.id = s.id)")]
    [InlineData(
        "s left join (select id, max(ts) as newest from {{ this }} group by id) x using (id) where s.ts > x.newest"
    )]
    [InlineData("where ts not between (select max(ts) from {{ this }}) and now()")]
    [InlineData("where ts > (select ts from {{ this }} order by ts limit 1)")]
    public void NoMark_IsNotWarnedOf(string rest) => Marked(rest).ShouldNotContain("ST1060");

    [Theory]
    [InlineData("select * from {{ changes \"up\" }}", true)]
    [InlineData("select id, a from {{ changes \"up\" }}", true)]
    [InlineData("select id, a from {{ changes \"up\" }} where _change <> 'delete'", false)]
    [InlineData("select id, a from {{ ref \"up\" }}", false)]
    public void ACdcModel_TakesEventsThatWent_IsWarnedOf(string sql, bool isWarnedOf) =>
        Codes(sql, "materialized: \"cdc\" unique_key: [\"id\"] sequence_by: [\"a\"]")
            .Contains("ST1061")
            .ShouldBe(isWarnedOf);

    [Theory]
    [InlineData("select id, a from {{ ref \"up\" }} where id in (select id from {{ changes \"up\" }})")]
    [InlineData(
        "with t as (select distinct id from {{ changes \"up\" }}) select id, a from {{ ref \"up\" }} where id in (from t)"
    )]
    [InlineData(
        "with t as (select distinct id from {{ changes \"up\" }}) select t.id, u.a from t join {{ ref \"up\" }} u using (id)"
    )]
    [InlineData("select u.id, a from {{ ref \"up\" }} u semi join {{ changes \"up\" }} using (id)")]
    [InlineData(
        "select u.id, u.a from {{ ref \"up\" }} u left join {{ ref \"ev\" }} e using (id) where exists (select 1 from {{ changes \"up\" }} c where c.id = u.id)"
    )]
    [InlineData("select u.id, u.a from {{ ref \"up\" }} u left join {{ changes \"up\" }} c using (id)")]
    public void KeysWithoutRowsAnyMore_AreInNoBatch_IsWarnedOf(string sql)
    {
        foreach (var config in s_grown)
            Codes(sql, config).ShouldContain("ST1061", config);
    }

    [Theory]
    [InlineData(
        "select t.id, u.a from (select distinct id from {{ changes \"up\" }}) t left join {{ ref \"up\" }} u using (id)"
    )]
    [InlineData(
        "with t as (select distinct id from {{ changes \"up\" }}), u as (select id, a from {{ ref \"up\" }}) select t.id, max(u.a) as a from t left join u using (id) group by 1"
    )]
    [InlineData(
        "with t as (select distinct id from {{ changes \"up\" }}) select t.id, u.a from {{ ref \"up\" }} u right join t using (id)"
    )]
    // it says that they may stay
    [InlineData(
        "select id, a from {{ ref \"up\" }} where id in (select id from {{ changes \"up\" }} where _change <> 'delete')"
    )]
    public void KeysWithoutRowsAnyMore_AreInTheBatch_IsNotWarnedOf(string sql)
    {
        foreach (var config in s_grown)
            Codes(sql, config).ShouldNotContain("ST1061", config);
    }

    [Fact]
    public void ManyParentheses_AreNotFollowed()
    {
        var (open, close) = (new string('(', 20_000), new string(')', 20_000));

        Codes($"{open}select * from {{{{ changes \"up\" }}}}{close}").ShouldNotContain("ST1061");
        Marked($"where {open}ts > 1{close}").ShouldNotContain("ST1060");
    }

    private static string[] Marked(string rest) =>
        Codes($"select id, ts, amount from {{{{ source \"l\" \"one\" }}}} {rest}");

    private static string[] Codes(
        string sql,
        string config = "materialized: \"incremental\" incremental_strategy: \"append\""
    )
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            ("models/bronze/ev.sql", "select id, ts from {{ source \"l\" \"ev\" }}"),
            (
                "models/bronze/up.sql",
                "{{ config materialized: \"incremental\" incremental_strategy: \"delete+insert\" unique_key: [\"id\"] }} select id, a from {{ source \"l\" \"ev\" }}"
            ),
            ("models/bronze/m.sql", $"{{{{ config {config} }}}} {sql}")
        );
        var result = project.Compile();
        result.Manifest.ShouldNotBeNull();
        return [.. result.Diagnostics.Select(one => one.Code)];
    }
}
