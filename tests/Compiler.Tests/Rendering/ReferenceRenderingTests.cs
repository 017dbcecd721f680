using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Rendering;

/// <summary>How relations get into SQL, and how the SQL knows that they are there.</summary>
public sealed class ReferenceRenderingTests
{
    [Theory]
    [InlineData("{{ ref \"stg\" }}", "\"bronze\".\"stg\"")]
    [InlineData("{{ ref(\"stg\") }}", "\"bronze\".\"stg\"")]
    [InlineData("{{ \"stg\" | ref }}", "\"bronze\".\"stg\"")]
    [InlineData("{{ x = ref \"stg\"; x }}", "\"bronze\".\"stg\"")]
    [InlineData("{{ capture c }}({{ ref \"stg\" }}){{ end; c }}", "(\"bronze\".\"stg\")")]
    [InlineData("{{ \"(\" + (ref \"stg\") + \")\" }}", "(\"bronze\".\"stg\")")]
    [InlineData("{{ r = ref \"stg\"; r.schema + \".\" + r.name }}", "bronze.stg")]
    [InlineData("{{ this }}", "\"bronze\".\"a\"")]
    [InlineData("{{ this.schema }}.{{ this.name }}", "bronze.a")]
    [InlineData("{{ [ref(\"stg\")] }}", "[\"bronze\".\"stg\"]")]
    public void Relation_WhateverTheTemplateDoes_ComesOutAsItsName(string template, string sql)
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/bronze/a.sql", $"select * from {template} where true")
        );

        project.Model("a").Full.Text.ShouldBe($"select * from {sql} where true");
    }

    [Fact]
    public void References_KnowWhereTheyStandAndWhereTheyCameFrom()
    {
        using var project = new TestProject(
            ("macros/m.sql", "{{ func both(name) }}{{ ref name }} as x join {{ this }}{{ end }}"),
            ("models/bronze/stg.sql", "select 1 as id"),
            (
                "models/bronze/a.sql",
                "select *\nfrom {{ both \"stg\" }} using (id)\ncross join {{ source \"s\" \"t\" }}"
            ),
            ("models/s.yml", "sources: [{ name: s, schema: raw, tables: [{ name: t, identifier: T1 }] }]")
        );

        var sql = project.Model("a").Full;

        sql.References.Select(r =>
                $"{r.Kind} {r.NodeId} {sql.Text.Substring(r.Span.Start, r.Span.Length)} {r.Origin} {r.Origin.Text}"
            )
            .ShouldBe([
                "Ref model.shop.stg \"bronze\".\"stg\" macros/m.sql:1:25 ref name",
                "This model.shop.a \"bronze\".\"a\" macros/m.sql:1:50 this",
                "Source source.shop.s.t \"raw\".\"T1\" models/bronze/a.sql:3:15 source \"s\" \"t\"",
            ]);
    }

    [Fact]
    public void Map_LeadsFromEveryCharacterOfCopiedTextToTheTemplate()
    {
        const string template =
            "select id, amout\nfrom {{ ref \"stg\" }}\nwhere amout > 1 -- {{ this }}\nand id > 0";
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/bronze/a.sql", template)
        );

        var sql = project.Model("a").Full;

        foreach (var word in (string[])["id, amout", "where amout", "and id > 0"])
        {
            var origin = sql.Map.Find(sql.Text.IndexOf(word, StringComparison.Ordinal));
            origin.ShouldNotBeNull();
            origin.Span.Span.Start.ShouldBe(template.IndexOf(word, StringComparison.Ordinal), word);
        }
    }

    [Fact]
    public void Bind_ReplacesRelationsAndStillKnowsTheTemplate()
    {
        const string template =
            "select *\nfrom {{ ref \"stg\" }} join {{ ref \"other\" }} using (id)\nwhere amout > 1";
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/bronze/other.sql", "select 1 as id"),
            ("models/bronze/a.sql", template)
        );

        var bound = project
            .Model("a")
            .Full.Bind(r => r.NodeId == "model.shop.stg" ? "_strata_stage.\"stg__a_long_run_id\"" : null);

        bound.Text.ShouldBe(
            "select *\nfrom _strata_stage.\"stg__a_long_run_id\" join \"bronze\".\"other\" using (id)\nwhere amout > 1"
        );
        var place = bound.FindOrigin(bound.Text.IndexOf("amout", StringComparison.Ordinal));
        place!.Span.Start.ToString().ShouldBe("3:7");
    }

    [Fact]
    public void Relation_OnAnotherConnection_IsReadAsItsReplica()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/gold/a.sql", "select * from {{ ref \"stg\" }}")
        );

        var model = project.Model("a");

        model.Full.Text.ShouldBe("select * from \"strata_replica_bronze\".\"stg\"");
        model.Full.References.ShouldHaveSingleItem().NodeId.ShouldBe("model.shop.stg");
    }

    [Fact]
    public void Relation_OnAnAliasOfTheSameConnection_IsReadDirectly()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/gold/a.sql", "select * from {{ ref \"stg\" }}")
        )
        {
            Target = "local",
        };

        project.Model("a").Full.Text.ShouldBe("select * from \"bronze\".\"stg\"");
        project.Manifest().Connections.Keys.ShouldBe(["duckdb"]);
    }

    [Fact]
    public void This_OfAModelThatMovesItself_IsWhereItMovedTo()
    {
        using var project = new TestProject(
            (
                "models/bronze/a.sql",
                "{{ s = \"elsewhere\"; config schema: s alias: s + \"_a\" }}select '{{ this.schema }}' as s from {{ this }}"
            ),
            ("models/bronze/b.sql", "{{ r = ref \"a\" }}select '{{ r.schema }}' as s")
        );

        project.Model("a").Full.Text.ShouldBe("select 'elsewhere' as s from \"elsewhere\".\"elsewhere_a\"");
        project.Model("b").Full.Text.ShouldBe("select 'elsewhere' as s");
    }

    [Fact]
    public void Names_WithQuotes_AreQuoted()
    {
        using var project = new TestProject(
            (
                "models/bronze/a.sql",
                "{{ config schema: \"we\\\"ird\" alias: \"or\\\"der\" }}select 1 as id from {{ this }}"
            )
        );

        project.Model("a").Full.Text.ShouldBe("select 1 as id from \"we\"\"ird\".\"or\"\"der\"");
    }

    [Fact]
    public void IncrementalModel_HasTwoRenderings()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/bronze/late.sql", "select 1 as id"),
            (
                "models/bronze/a.sql",
                """
                {{ config materialized: "incremental" unique_key: "id" ~}}
                select * from {{ if is_incremental }}{{ changes "stg" }}{{ else }}{{ ref "late" }}{{ end }}
                """
            )
        );

        var model = project.Model("a");

        model.Full.Text.Trim().ShouldBe("select * from \"bronze\".\"late\"");
        model.Incremental!.Text.Trim().ShouldBe("select * from \"bronze\".\"stg\"");
        model.Incremental.References.ShouldHaveSingleItem().Kind.ShouldBe(ReferenceKind.Changes);
        model.DependsOn.ShouldBe(["model.shop.late", "model.shop.stg"]);
        model.Config.UniqueKey.ShouldBe(["id"]);
    }

    [Fact]
    public void View_HasOneRendering()
    {
        using var project = new TestProject(("models/bronze/a.sql", "select 1 as id"));

        project.Model("a").Incremental.ShouldBeNull();
        project.Model("a").Config.Materialized.ShouldBe(Materialization.View);
    }

    [Fact]
    public void Dependencies_OfABranchNotTaken_CountToo()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            (
                "models/bronze/a.sql",
                "select 1 as id {{ if target.name == \"prod\" }} union all select * from {{ ref \"stg\" }} {{ end }}"
            )
        );

        project.Model("a").DependsOn.ShouldBe(["model.shop.stg"]);
        project.Model("a").Full.References.ShouldBeEmpty();
    }

    [Fact]
    public void Dispatch_PicksTheMacroOfTheNodesEngine()
    {
        using var project = new TestProject(
            (
                "macros/day.sql",
                """
                {{ func default__day(c) }}date_trunc('day', {{ c }}){{ end }}
                {{ func postgres__day(c) }}{{ c }}::date{{ end }}
                """
            ),
            ("models/bronze/a.sql", "select {{ dispatch \"day\" \"at\" }} as d"),
            ("models/gold/b.sql", "select {{ dispatch \"day\" \"at\" }} as d")
        );

        project.Model("a").Full.Text.ShouldBe("select date_trunc('day', at) as d");
        project.Model("b").Full.Text.ShouldBe("select at::date as d");
    }

    [Fact]
    public void Values_OfTheProject_AreThere()
    {
        using var project = new TestProject(
            ("strata.yml", TestProject.StrataYml + "\nvars: { a: 1, shop: { b: two } }\n"),
            (
                "models/gold/m.sql",
                "{{ var \"a\" }}|{{ var \"b\" }}|{{ var \"c\" 3 }}|{{ env_var \"E\" }}|{{ env_var \"F\" \"f\" }}|{{ target.name }}"
                    + "|{{ target.type }}|{{ target.schema }}|{{ engine }}|{{ dialect }}|{{ model.name }}|{{ run_started_at }}"
                    + "|{{ sql_literal \"it's\" }}|{{ run_started_at | date.to_string \"%Y\" }}"
            )
        )
        {
            Environment = { ["E"] = "e" },
            Vars = System.Collections.Immutable.ImmutableSortedDictionary<string, object?>.Empty.Add(
                "a",
                "over"
            ),
        };

        project
            .Model("m")
            .Full.Text.ShouldBe(
                "over|two|3|e|f|dev|postgres|gold|postgres|postgres|m|2026-11-20 08:30:00|'it''s'|2026"
            );
    }

    [Fact]
    public void Hooks_AreRenderedWithNamesInPlace()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                TestProject.StrataYml
                    + "\non-run-start: [\"create schema if not exists x\", \"{{ if false }}no{{ end }}\"]\n"
            ),
            ("models/bronze/stg.sql", "select 1 as id"),
            (
                "models/bronze/a.sql",
                "{{ config pre_hook: \"delete from {{ this }}\" post_hook: [\"analyze\", \"select * from {{ ref 'stg' }}\"] }}select 1 as id"
            )
        );

        var model = project.Model("a");

        model.Config.PreHooks.ShouldBe(["delete from \"bronze\".\"a\""]);
        model.Config.PostHooks.ShouldBe(["analyze", "select * from \"bronze\".\"stg\""]);
        model.DependsOn.ShouldBe(["model.shop.stg"]);
        project.Manifest().OnRunStart.ShouldHaveSingleItem().Sql.ShouldBe("create schema if not exists x");
    }

    [Theory]
    [InlineData("models/bronze/a.sql", "select '\uE000' as c", "models/bronze/a.sql:1:9")]
    public void Character_OfOurOwn_IsReported(string path, string text, string place)
    {
        using var project = new TestProject((path, text));

        var diagnostic = project.Compile().Diagnostics.ShouldHaveSingleItem();

        diagnostic.Message.ShouldBe("character U+E000 is reserved for the compiler");
        diagnostic.Span.ToString().ShouldBe(place);
    }

    [Theory]
    [InlineData("select 1;", "ST4003", "1:9")]
    [InlineData("select 1 ; -- done\n", "ST4003", "1:10")]
    [InlineData("select 1; select 2", "ST4004", "1:9")]
    [InlineData("-- select 1", "ST4002", "1:1")]
    [InlineData("{{ if false }}select 1{{ end }}", "ST4002", "1:1")]
    [InlineData("select 'a\nfrom b", "ST4005", "1:8")]
    [InlineData("select 1 /* no end", "ST4005", "1:10")]
    [InlineData("select ';' as a, \";\" as b, $$;$$ as c /* ; */ -- ;", null, null)]
    public void Sql_ThatIsNotOneQuery_IsReported(string template, string? code, string? place)
    {
        using var project = new TestProject(("models/bronze/a.sql", template));

        project
            .Compile()
            .Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.Span?.Start}")
            .ShouldBe(code is null ? [] : [$"{code} {place}"]);
    }

    [Theory]
    [InlineData("(ref \"b\") | string.md5")]
    [InlineData("(ref \"b\") | string.replace \"bronze\" \"gold\"")]
    [InlineData("\"x\" + (ref \"b\") | string.sha1")]
    [InlineData("string.contains \"silver\" (ref \"b\")")]
    [InlineData("this | regex.match \"b\"")]
    public void Text_OfARelation_IsNotLookedInto(string expression)
    {
        using var project = new TestProject(
            ("models/bronze/b.sql", "select 1 as id"),
            ("models/bronze/a.sql", $"select '{{{{ {expression} }}}}' as x from {{{{ ref \"b\" }}}}")
        );

        project
            .Messages()
            .ShouldContain("how a relation is written is not known yet; look into its '.schema' and '.name'");
    }

    [Fact]
    public void Text_OfARelation_MayBeGoneOnWith()
    {
        using var project = new TestProject(
            ("models/bronze/b.sql", "select 1 as id"),
            (
                "models/bronze/a.sql",
                "select '{{ (ref \"b\").name | string.upcase }}' as x from {{ (ref \"b\") | string.append \" as  y\" | string.replace \"  \" \" \" }}"
            )
        );

        project.Model("a").Full.Text.ShouldBe("select 'B' as x from \"bronze\".\"b\" as y");
    }
}
