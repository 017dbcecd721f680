using Shouldly;
using Strata.Compiler.Manifest;
using Strata.Compiler.Tests.Project;
using Xunit;

namespace Strata.Compiler.Tests.Manifest;

public sealed class UnitTestNodeTests
{
    [Theory]
    [InlineData("now()", "cast('2026-01-31 12:00:00.000000+00' as timestamp with time zone)")]
    [InlineData("NOW ( )", "cast('2026-01-31 12:00:00.000000+00' as timestamp with time zone)")]
    [InlineData("current_timestamp(3)", "cast('2026-01-31 12:00:00.000000+00' as timestamp with time zone)")]
    [InlineData("current_date - day", "cast('2026-01-31' as date) - day")]
    [InlineData("localtimestamp", "cast('2026-01-31 12:00:00.000000' as timestamp)")]
    [InlineData("'{{ run_started_at | date.to_string \"%F\" }}'", "'2026-01-31'")]
    [InlineData(
        "now, t.current_date, 'now()', \"now\"() -- now()",
        "now, t.current_date, 'now()', \"now\"() -- now()"
    )]
    [InlineData(
        "id as current_date, current_date AS current_timestamp, t.as, current_date",
        "id as current_date, cast('2026-01-31' as date) AS current_timestamp, t.as, cast('2026-01-31' as date)"
    )]
    [InlineData("age(day::timestamp)", "age(cast('2026-01-31' as date), day::timestamp)")]
    [InlineData(
        "age(a, b), t.age(day), age(id) as age",
        "age(a, b), t.age(day), age(cast('2026-01-31' as date), id) as age"
    )]
    [InlineData(
        "date 'today', cast('yesterday' as date), 'tomorrow'::date",
        "date '2026-01-31', cast('2026-01-30' as date), '2026-02-01'::date"
    )]
    [InlineData(
        "'now'::timestamp, timestamptz 'now', timestamp with time zone 'NOW', d < 'now', d = 'now'",
        "'2026-01-31 12:00:00.000000'::timestamp, timestamptz '2026-01-31 12:00:00.000000+00', timestamp with time zone '2026-01-31 12:00:00.000000+00', d < '2026-01-31 12:00:00.000000', d = 'now'"
    )]
    [InlineData(
        "pg_catalog.now(), main.today(), s.now(), s.main.today()",
        "cast('2026-01-31 12:00:00.000000+00' as timestamp with time zone), cast('2026-01-31' as date), s.now(), s.main.today()"
    )]
    [InlineData("timeofday()", "cast('Sat Jan 31 12:00:00.000000 2026 UTC' as text)")]
    public void Now_Overridden_StandsWhereTheQueryAsksForTheTime(string written, string compiled)
    {
        var test = Compile(
            $"select {written}\nfrom t",
            "overrides: { now: 2026-01-31T12:00:00Z }, expect: { rows: [] }"
        );

        test.Sql.Text.ShouldBe($"select {compiled}\nfrom t");
        test.ReadsClock.ShouldBeFalse();
    }

    [Fact]
    public void Clock_NotOverridden_IsNoted() =>
        Compile("select current_date as day", "expect: { rows: [] }").ReadsClock.ShouldBeTrue();

    [Fact]
    public void Overrides_ReachTheTemplate() =>
        Compile(
            "select {{ var \"a\" 1 }}, '{{ env_var \"B\" \"x\" }}', {{ if is_incremental }}2{{ else }}3{{ end }}",
            "overrides: { vars: { a: 7 }, env_vars: { B: y }, macros: { is_incremental: true } }, expect: { rows: [] }"
        )
            .Sql.Text.ShouldBe("select 7, 'y', 2");

    [Fact]
    public void Fingerprint_MovesWithRowsAndQuery_AndWithNothingElse()
    {
        const string rows = "expect: { rows: [{ a: 1 }] }";
        var once = Compile("select 1 as a", rows).Fingerprint;

        Compile("select 1 as a", rows).Fingerprint.ShouldBe(once);
        Compile("-- why\nselect  1 as a", rows).Fingerprint.ShouldBe(once);
        Compile("select 1 as a", "expect: { rows: [{ a: 2 }] }").Fingerprint.ShouldNotBe(once);
        Compile("select 1 as a", "expect: { rows: [{ a: '1' }] }").Fingerprint.ShouldNotBe(once);
        Compile("select 2 as a", rows).Fingerprint.ShouldNotBe(once);
    }

    private static UnitTestNode Compile(string sql, string declaration)
    {
        using var project = new TestProject(
            ("models/m.sql", sql),
            ("models/m.yml", $"unit_tests: [{{ name: u, model: m, {declaration} }}]")
        );
        var result = project.Compile();

        result.Diagnostics.ShouldBeEmpty();
        return result.Manifest.ShouldNotBeNull().Nodes.Values.OfType<UnitTestNode>().ShouldHaveSingleItem();
    }
}
