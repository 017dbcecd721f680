using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>What a microbatch model reads counts; what its comments name does not.</summary>
public sealed class MicrobatchChecksTests
{
    [Theory]
    [InlineData("select id, ts from {{ ref \"ev\" }}")]
    [InlineData("-- was {{ changes \"up\" }}\nselect id, ts from {{ ref \"ev\" }}")]
    [InlineData("select id, ts /* {{ changes \"up\" }} */ from {{ ref \"ev\" }}")]
    [InlineData("{{ unused = changes \"up\" }}select id, ts from {{ ref \"ev\" }}")]
    [InlineData("select id, ts from {{ changes \"up\" }} -- {{ ref \"ev\" }}", "ST1031", "ST1032")]
    [InlineData("select id, ts from {{ changes \"up\" }} join {{ ref \"ev\" }} using (id)", "ST1031")]
    [InlineData("select id, ts from {{ ref \"other\" }} -- {{ ref \"ev\" }}", "ST1032")]
    public void Changes_AndEventTimes_CountWhereTheyAreRead(string sql, params string[] codes)
    {
        using var project = new TestProject(
            (
                "models/bronze/sources.yml",
                "sources: [{ name: l, tables: [{ name: ev, config: { event_time: ts } }] }]"
            ),
            (
                "models/bronze/ev.sql",
                "{{ config event_time: \"ts\" }}select id, ts from {{ source \"l\" \"ev\" }}"
            ),
            ("models/bronze/other.sql", "select 1 as id, timestamp '2026-01-01' as ts"),
            (
                "models/bronze/up.sql",
                "{{ config materialized: \"incremental\" unique_key: [\"id\"] }}select id, ts from {{ source \"l\" \"ev\" }}"
            ),
            (
                "models/bronze/m.sql",
                "{{ config materialized: \"incremental\" incremental_strategy: \"microbatch\" event_time: \"ts\" batch_size: \"day\" begin: \"2026-01-01\" }}"
                    + sql
            )
        );

        project
            .Compile()
            .Diagnostics.Select(one => one.Code)
            .Where(code => code is "ST1031" or "ST1032")
            .Order()
            .ShouldBe(codes);
    }
}
