namespace Strata.Compiler.Tests.Project;

/// <summary>ST3xxx: what the user sees when nodes do not fit together.</summary>
public sealed class ReferenceMessagesTests
{
    [Fact]
    public void Ref_UnknownModel_PointsAtTheName()
    {
        using var project = new TestProject(
            ("models/bronze/stg_orders.sql", "select 1 as id"),
            ("models/gold/orders.sql", "select *\nfrom {{ ref \"stg_order\" }}\n")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3001: model 'stg_order' does not exist
                  --> models/gold/orders.sql:2:13
                   |
                 2 | from {{ ref "stg_order" }}
                   |             ^^^^^^^^^^^
                   = hint: did you mean 'stg_orders'?

                """
            );
    }

    [Fact]
    public void Ref_SeveralUnknown_AreAllReportedAtOnce()
    {
        using var project = new TestProject(
            ("models/gold/a.sql", "select * from {{ ref \"x\" }} join {{ ref(\"y\") }} using (id)"),
            ("models/gold/b.sql", "select * from {{ source \"z\" \"t\" }}")
        );

        project
            .Compile()
            .Diagnostics.Select(diagnostic => diagnostic.Message)
            .ShouldBe(
                ["model 'x' does not exist", "model 'y' does not exist", "source 'z' does not exist"],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Ref_UnknownInMacro_ShowsWhoCalledIt()
    {
        using var project = new TestProject(
            ("macros/from.sql", "{{ func read(name) }}(select * from {{ ref name }}){{ end }}"),
            ("models/gold/a.sql", "select * from {{ read \"nobody\" }} as x")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3001: model 'nobody' does not exist
                  --> macros/from.sql:1:44    here
                  --> models/gold/a.sql:1:18  called from here

                """
            );
    }

    [Fact]
    public void Ref_NameOfASource_SaysSo()
    {
        using var project = new TestProject(
            ("models/s.yml", "sources: [{ name: landing, tables: [{ name: events }] }]"),
            ("models/gold/a.sql", "select * from {{ ref \"events\" }}")
        );

        project.Messages().ShouldContain("= hint: it is a source: write source \"landing\" \"events\"");
    }

    [Fact]
    public void Source_UnknownTable_ListsTheTables()
    {
        using var project = new TestProject(
            ("models/s.yml", "sources: [{ name: landing, tables: [{ name: events }] }]"),
            ("models/gold/a.sql", "select * from {{ source \"landing\" \"clicks\" }}")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3003: source 'landing' has no table 'clicks'
                  --> models/gold/a.sql:1:35
                   |
                 1 | select * from {{ source "landing" "clicks" }}
                   |                                   ^^^^^^^^
                   = hint: tables: events

                """
            );
    }

    [Fact]
    public void Source_InYamlThatCannotBeRead_IsNotReportedOnTop()
    {
        using var project = new TestProject(
            ("models/s.yml", "sources:\n  - name: landing\n\ttables: []"),
            ("models/gold/a.sql", "select * from {{ source \"landing\" \"events\" }}")
        );

        project.Compile().Diagnostics.ShouldHaveSingleItem().Code.ShouldBe("ST1002");
    }

    [Fact]
    public void Graph_Cycle_NamesEveryStep()
    {
        using var project = new TestProject(
            ("models/orders.sql", "select\n  *\n\nfrom {{ ref \"payments\" }}"),
            ("models/payments.sql", "select * from {{ ref \"orders\" }}")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3004: models form a cycle: orders -> payments -> orders
                  --> models/orders.sql:4:9     orders reads payments
                  --> models/payments.sql:1:18  payments reads orders
                   = hint: move the shared columns into a third model

                """
            );
    }

    [Fact]
    public void Graph_SelfReference_PointsToThis()
    {
        using var project = new TestProject(("models/orders.sql", "select * from {{ ref \"orders\" }}"));

        project.Messages().ShouldContain("error ST3004: models form a cycle: orders -> orders");
        project.Messages().ShouldContain("to read its own relation, a model uses 'this'");
    }

    [Fact]
    public void Graph_TwoCycles_AreBothReported()
    {
        using var project = new TestProject(
            ("models/a.sql", "select * from {{ ref \"b\" }}"),
            ("models/b.sql", "select * from {{ ref \"a\" }}"),
            ("models/c.sql", "select * from {{ ref \"d\" }}"),
            ("models/d.sql", "select * from {{ ref \"c\" }}")
        );

        project.Compile().Diagnostics.Count(diagnostic => diagnostic.Code == "ST3004").ShouldBe(2);
    }

    [Fact]
    public void Graph_CycleThroughABranchNotTaken_IsStillACycle()
    {
        using var project = new TestProject(
            (
                "models/a.sql",
                "select 1 as id {{ if target.name == \"elsewhere\" }} union select * from {{ ref \"b\" }} {{ end }}"
            ),
            ("models/b.sql", "select * from {{ ref \"a\" }}")
        );

        project.Messages().ShouldContain("error ST3004: models form a cycle: a -> b -> a");
    }

    [Fact]
    public void Ref_DisabledModel_IsReported()
    {
        using var project = new TestProject(
            ("models/off.sql", "{{ config enabled: false }}select 1 as id"),
            ("models/a.sql", "select * from {{ ref \"off\" }}")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3005: model 'off' is disabled
                  --> models/a.sql:1:18
                   |
                 1 | select * from {{ ref "off" }}
                   |                  ^^^^^^^^^
                   = hint: enable it, or disable what reads it too

                """
            );
    }

    [Theory]
    [InlineData("{{ ref \"other\" \"a\" }}", "error ST3006: there is no project 'other' here")]
    [InlineData(
        "{{ ref \"b\" v: 2 }}",
        "error ST3007: references to a version of a model are not supported yet"
    )]
    [InlineData("{{ ref 12 }}", "error ST3008: 'ref' takes the name of a model as text")]
    [InlineData("{{ ref \"b\" fresh: true }}", "error ST3010: 'ref' takes no argument 'fresh'")]
    [InlineData("{{ changes \"eph\" }}", "error ST3009: 'changes' needs a relation, but 'eph' is ephemeral")]
    [InlineData("{{ dispatch \"day\" }}", "error ST3011: no macro 'duckdb__day' or 'default__day'")]
    public void Ref_WrittenWrongly_IsReported(string call, string message)
    {
        using var project = new TestProject(
            ("models/b.sql", "select 1 as id"),
            ("models/eph.sql", "{{ config materialized: \"ephemeral\" }}select 1 as id"),
            ("models/a.sql", $"select * from {call}")
        );

        project.Messages().ShouldStartWith(message);
    }

    [Fact]
    public void Ref_WithThisProjectsName_IsFine()
    {
        using var project = new TestProject(
            ("models/b.sql", "select 1 as id"),
            ("models/a.sql", "select * from {{ ref \"shop\" \"b\" }}")
        );

        project.Model("a").DependsOn.ShouldBe(["model.shop.b"]);
    }

    [Fact]
    public void Test_UnknownName_SuggestsOne()
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            (
                "models/a.yml",
                "models:\n  - name: a\n    columns:\n      - name: id\n        tests: [not_nul]\n"
            )
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST3012: there is no test 'not_nul'
                  --> models/a.yml:5:17
                   |
                 5 |         tests: [not_nul]
                   |                 ^^^^^^^
                   = hint: did you mean 'not_null'?

                """
            );
    }

    [Theory]
    [InlineData("in_range: { min: 1, maxx: 2 }", "error ST3013: test 'in_range' takes no argument 'maxx'")]
    [InlineData("in_range: { max: 2 }", "error ST3014: test 'in_range' needs 'min'")]
    public void Test_OfTheProject_ChecksItsArguments(string entry, string message)
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            (
                "tests/generic/in_range.sql",
                "{{ func in_range(model, column_name, min, max = 9) }}select 1{{ end }}"
            ),
            (
                "models/a.yml",
                $"models:\n  - name: a\n    columns:\n      - name: id\n        tests:\n          - {entry}\n"
            )
        );

        project.Messages().ShouldStartWith(message);
    }

    [Fact]
    public void Test_OfTheProjectOnARelation_NeedsAColumn()
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            ("tests/generic/positive.sql", "{{ func positive(model, column_name) }}select 1{{ end }}"),
            ("models/a.yml", "models:\n  - name: a\n    tests: [positive]\n")
        );

        project.Messages().ShouldStartWith("error ST3014: test 'positive' needs a column");
    }

    [Fact]
    public void Test_WrittenTwice_IsReported()
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            ("models/a.yml", "models:\n  - name: a\n    columns: [{ name: id, tests: [unique, unique] }]\n")
        );

        project.Messages().ShouldStartWith("error ST3015: test 'unique_a_id' is written twice");
    }

    [Fact]
    public void Test_ThatReadsNothing_SaysWhereItRuns()
    {
        using var project = new TestProject(("tests/nothing.sql", "select 1 where false"));

        var result = project.Compile();

        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe("ST3016");
        result.Manifest.ShouldNotBeNull();
    }

    [Fact]
    public void Exposure_DependsOnSomethingElseThanAReference_IsReported()
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            (
                "models/e.yml",
                "exposures:\n  - { name: board, type: dashboard, owner: { name: me }, depends_on: [a] }\n"
            )
        );

        project.Messages().ShouldStartWith("error ST3017: 'a' is not a reference");
    }

    [Fact]
    public void Ref_InAMacroThatIsDispatched_IsSeen()
    {
        using var project = new TestProject(
            (
                "macros/src.sql",
                "{{ func default__src() }}{{ ref \"a\" }}{{ end }}{{ func postgres__src() }}{{ ref \"p\" }}{{ end }}"
            ),
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/bronze/p.sql", "select 1 as id"),
            ("models/bronze/b.sql", "select * from {{ dispatch \"src\" }}"),
            ("models/bronze/c.sql", "{{ name = \"s\" + \"rc\" }}select * from {{ dispatch name }}")
        );

        project.Model("b").DependsOn.ShouldBe(["model.shop.a"]);
        project.Model("b").Macros.ShouldBe(["default__src"]);
        var before = project.Model("c").Fingerprint;
        project.Write(
            "macros/src.sql",
            "{{ func default__src() }}{{ ref \"a\" }} as x{{ end }}{{ func postgres__src() }}{{ ref \"p\" }}{{ end }}"
        );
        project.Model("c").Fingerprint.ShouldNotBe(before);
    }
}
