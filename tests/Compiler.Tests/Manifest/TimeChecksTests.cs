using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>Which models of a project are warned of because their rows depend on the time.</summary>
public sealed class TimeChecksTests
{
    private const string Sources = """
        sources:
          - name: l
            tables: [{ name: filled }, { name: landed, files: { path: "in/*.csv", format: csv } }]
        """;

    private const string Table = "{{ config materialized: \"table\" }} ";

    [Theory]
    // a table is built when something has changed, and none has
    [InlineData("select id from {{ ref \"t\" }} where d < current_date", "ST1062")]
    [InlineData("select id from {{ ref \"t\" }} where d < '{{ run_started_at }}'", "ST1062")]
    [InlineData("select id from {{ ref \"stamped\" }} where d < at", "ST1062")]
    [InlineData("select id from {{ ref \"early\" }} where d < at", "ST1062")]
    [InlineData("select id from {{ ref \"near\" }}", "ST1062")]
    [InlineData("select id from {{ ref \"t\" }}, {{ ref \"params\" }} p where d < p.today", "ST1062")]
    [InlineData("select id, d > today as late from {{ ref \"t\" }} cross join {{ ref \"again\" }}", "ST1062")]
    [InlineData("select current_date as today, d < today as late from {{ ref \"t\" }}", "ST1062")]
    [InlineData("select id, '{{ run_started_at }}' as at from {{ ref \"t\" }}", null)]
    [InlineData("select id, p.today from {{ ref \"t\" }}, {{ ref \"params\" }} p", null)]
    [InlineData("select id from {{ ref \"built\" }} where at > date '2026-01-01'", null)]
    // in a view the database answers, but for what the template has written
    [InlineData("{{ config materialized: \"view\" }} select 1 as id where now() > '2026-01-01'", null)]
    [InlineData(
        "{{ config materialized: \"view\" }} select id from {{ ref \"t\" }} where d < '{{ run_started_at }}'",
        "ST1062"
    )]
    [InlineData("{{ config materialized: \"view\" }} select '{{ run_started_at }}' as at", null)]
    [InlineData("{{ config rebuild_every: \"day\" }} select id from {{ ref \"t\" }} where d < now()", null)]
    // it is built in every run
    [InlineData("select id from {{ source \"l\" \"filled\" }} where d < current_date", null)]
    [InlineData("select id from {{ ref \"filled\" }} where d < current_date", null)]
    // each batch is made of all that there is
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] }} select id, current_date - d as age from {{ ref \"t\" }}",
        "ST1062"
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] }} select id, current_date - d as age from {{ ref \"t\" }} {{ if is_incremental }} where d > '2026-01-01' {{ end }}",
        null
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] }} select id, current_date - d as age from {{ source \"l\" \"landed\" }}",
        null
    )]
    // rebuild_every makes no batch of what is there already
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] rebuild_every: \"day\" }} select id, current_date - d as age from {{ source \"l\" \"landed\" }}",
        "ST1064"
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] rebuild_every: \"day\" }} select id, now() as at from {{ source \"l\" \"landed\" }}",
        null
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] rebuild_every: \"change\" }} select id, current_date - d as age from {{ source \"l\" \"landed\" }}",
        null
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" unique_key: [\"id\"] rebuild_every: \"day\" }} select id, current_date - d as age from {{ ref \"t\" }}",
        null
    )]
    [InlineData(
        "{{ config materialized: \"incremental\" incremental_strategy: \"microbatch\" event_time: \"d\" batch_size: \"day\" begin: \"2026-01-01\" rebuild_every: \"day\" }} select id, d, current_date - d as age from {{ ref \"t\" }}",
        "ST1064"
    )]
    public void RowsOfATime(string sql, string? code) => Warnings(sql).ShouldBe(code is null ? [] : [code]);

    [Theory]
    [InlineData("", null, "near: ST1062")]
    [InlineData("rebuild_every: \"day\"", null, "")]
    [InlineData("rebuild_every: \"change\"", null, "")]
    [InlineData("", "day", "")]
    // it says nothing of others that read the view
    [InlineData("", "change", "near: ST1062")]
    public void AViewThatReadsACopy_IsBuiltWithIt(string near, string? reader, string expected)
    {
        var every = reader is null ? "" : $"rebuild_every: \"{reader}\"";
        using var project = new TestProject(
            ("models/bronze/t.sql", Table + "select 1 as id, date '2026-01-01' as d"),
            (
                "models/bronze/far.sql",
                "{{ config materialized: \"view\" }} select id from {{ ref \"t\" }} where d < current_date"
            ),
            (
                "models/gold/near.sql",
                $"{{{{ config materialized: \"view\" {near} }}}} select id from {{{{ ref \"far\" }}}}"
            ),
            (
                "models/gold/top.sql",
                $"{{{{ config materialized: \"table\" {every} }}}} select id from {{{{ ref \"near\" }}}}"
            )
        );

        var found = project
            .Compile()
            .Diagnostics.Where(one => one.Code.StartsWith("ST106"))
            .Select(one => $"{Path.GetFileNameWithoutExtension(one.Span!.Value.File.Path)}: {one.Code}");

        // the place is where the time is asked for
        string.Join(", ", found).Replace("far", "near").ShouldBe(expected);
    }

    private static string[] Warnings(string sql)
    {
        using var project = new TestProject(
            ("models/sources.yml", Sources),
            (
                "models/t.sql",
                "{{ config materialized: \"table\" event_time: \"d\" }} select 1 as id, date '2026-01-01' as d"
            ),
            ("models/built.sql", Table + "select id, d, now() as at from {{ ref \"t\" }}"),
            ("models/params.sql", "{{ config materialized: \"view\" }} select current_date as today"),
            ("models/again.sql", "{{ config materialized: \"view\" }} select * from {{ ref \"params\" }}"),
            (
                "models/stamped.sql",
                "{{ config materialized: \"view\" }} select *, now() as at from {{ ref \"t\" }}"
            ),
            (
                "models/early.sql",
                "{{ config materialized: \"ephemeral\" }} select *, '{{ run_started_at }}' as at from {{ ref \"t\" }}"
            ),
            ("models/near.sql", "{{ config materialized: \"ephemeral\" }} select id from {{ ref \"late\" }}"),
            (
                "models/late.sql",
                "{{ config materialized: \"view\" }} select id from {{ ref \"t\" }} where d < current_date"
            ),
            (
                "models/filled.sql",
                "{{ config materialized: \"view\" }} select * from {{ source \"l\" \"filled\" }}"
            ),
            ("models/m.sql", sql.Contains("materialized:") ? sql : Table + sql)
        );
        var result = project.Compile();
        result.Manifest.ShouldNotBeNull();
        return [.. result.Diagnostics.Select(one => one.Code).Where(code => code.StartsWith("ST106"))];
    }
}
