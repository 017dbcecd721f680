using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Rendering;

/// <summary>Ephemeral models are taken into the queries of their readers.</summary>
public sealed class EphemeralModelTests
{
    private const string Ephemeral = "{{ config materialized: \"ephemeral\" }}";

    [Theory]
    [InlineData(
        "select * from {{ ref \"e\" }}",
        "with \"__ephemeral__e\" as (\nselect 1 as id\n)\nselect * from \"__ephemeral__e\" as \"e\""
    )]
    [InlineData(
        "select * from {{ ref \"e\" }} as x",
        "with \"__ephemeral__e\" as (\nselect 1 as id\n)\nselect * from \"__ephemeral__e\" as x"
    )]
    [InlineData(
        "select * from {{ ref \"e\" }} x, {{ ref \"e\" }} -- y\n where true",
        "with \"__ephemeral__e\" as (\nselect 1 as id\n)\nselect * from \"__ephemeral__e\" x, \"__ephemeral__e\" as \"e\" -- y\n where true"
    )]
    [InlineData(
        "-- why\nwith a as (select * from {{ ref \"e\" }}) select * from a",
        "-- why\nwith \"__ephemeral__e\" as (\nselect 1 as id\n), a as (select * from \"__ephemeral__e\" as \"e\") select * from a"
    )]
    [InlineData(
        "WITH /* x */ RECURSIVE a as (select * from {{ ref \"e\" }} union select * from a) select * from a",
        "WITH /* x */ RECURSIVE \"__ephemeral__e\" as (\nselect 1 as id\n), a as (select * from \"__ephemeral__e\" as \"e\" union select * from a) select * from a"
    )]
    [InlineData(
        "-- with\nselect '{{ \"with\" }}' from {{ ref \"e\" }} join b using (id)",
        "-- with\nwith \"__ephemeral__e\" as (\nselect 1 as id\n)\nselect 'with' from \"__ephemeral__e\" as \"e\" join b using (id)"
    )]
    [InlineData(
        "select {{ ref \"e\" }}.id from {{ ref \"e\" }}",
        "with \"__ephemeral__e\" as (\nselect 1 as id\n)\nselect \"e\".id from \"__ephemeral__e\" as \"e\""
    )]
    public void Reader_TakesTheQueryIn(string reader, string sql)
    {
        using var project = new TestProject(
            ("models/bronze/e.sql", Ephemeral + "select 1 as id"),
            ("models/bronze/a.sql", reader)
        );

        project.Model("a").Full.Text.ShouldBe(sql);
    }

    [Fact]
    public void Reader_OfSeveralLevels_HasEachOnceInOrder()
    {
        using var project = new TestProject(
            ("models/bronze/base.sql", "select 1 as id"),
            ("models/bronze/one.sql", Ephemeral + "select * from {{ ref \"base\" }} -- end"),
            (
                "models/bronze/two.sql",
                Ephemeral + "with x as (select * from {{ ref \"one\" }}) select * from x"
            ),
            ("models/gold/a.sql", "select * from {{ ref \"two\" }} join {{ ref \"one\" }} using (id)")
        );

        var model = project.Model("a");

        model.Full.Text.ShouldBe(
            """
            with "__ephemeral__one" as (
            select * from "strata_replica_bronze"."base" -- end
            ),
            "__ephemeral__two" as (
            with x as (select * from "__ephemeral__one" as "one") select * from x
            )
            select * from "__ephemeral__two" as "two" join "__ephemeral__one" as "one" using (id)
            """
        );
        model.References().ShouldBe(["model.shop.base"]);
        model.DependsOn.ShouldBe(["model.shop.one", "model.shop.two"]);
    }

    [Fact]
    public void Hook_ReadsOne_IsRefused()
    {
        using var project = new TestProject(
            ("models/bronze/e.sql", Ephemeral + "select 1 as id"),
            (
                "models/bronze/a.sql",
                "{{ config post_hook: \"create table t as select * from {{ ref 'e' }}\" }}select 1 as id"
            )
        );

        project.Messages().ShouldContain("ST3009: a hook needs a relation, but 'e' is ephemeral");
    }

    [Theory]
    [InlineData("select 1 -- {{ ref 'e' }}", false)]
    [InlineData("select 1 /* {{ ref 'e' }} */", false)]
    [InlineData("select * from {{ ref 'e' }} -- {{ ref 'e' }}", true)]
    public void Hook_NamesOneInAComment_IsAsGoodAsAnyOther(string hook, bool isRefused)
    {
        using var project = new TestProject(
            ("models/bronze/e.sql", Ephemeral + "select 1 as id"),
            ("models/bronze/a.sql", $"{{{{ config post_hook: \"{hook}\" }}}}select 1 as id")
        );

        project.Messages().Contains("ST3009", StringComparison.Ordinal).ShouldBe(isRefused);
    }

    [Fact]
    public void Map_OfTakenInText_LeadsToTheEphemeralModelAndItsReader()
    {
        using var project = new TestProject(
            ("models/bronze/e.sql", Ephemeral + "\nselect amout"),
            ("models/bronze/a.sql", "select *\nfrom {{ ref \"e\" }}\nwhere x")
        );

        var sql = project.Model("a").Full;

        var origin = sql.Map.Find(sql.Text.IndexOf("amout", StringComparison.Ordinal))!;
        origin.Span.ToString().ShouldBe("models/bronze/e.sql:2:8");
        origin.Outermost.Span.ToString().ShouldBe("models/bronze/a.sql:2:9");
        sql.Map.Find(sql.Text.IndexOf("where x", StringComparison.Ordinal))!
            .Span.ToString()
            .ShouldBe("models/bronze/a.sql:3:1");
    }

    [Fact]
    public void Fingerprint_OfTheReader_ChangesWithTheEphemeralModel()
    {
        using var project = new TestProject(
            ("models/bronze/e.sql", Ephemeral + "select 1 as id"),
            ("models/bronze/a.sql", "select * from {{ ref \"e\" }}")
        );
        var before = project.Model("a").Fingerprint;

        project.Write("models/bronze/e.sql", Ephemeral + "select 2 as id");

        project.Model("a").Fingerprint.ShouldNotBe(before);
    }
}
