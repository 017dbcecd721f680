using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

public sealed class TestNodeTests
{
    [Theory]
    [InlineData("{{ config materialized: \"table\", tags: [] }} select 1 as id", false)]
    [InlineData("{{ config materialized: \"tabl\" }} select 1 as id", false)]
    [InlineData("{{ config materialized: \"view\" }} select 1 as id", true)]
    public void Quarantine_UnderAModelWhoseConfigurationIsInError_IsNotReportedToo(
        string model,
        bool isReported
    )
    {
        using var project = new TestProject(
            ("models/orders.sql", model),
            (
                "models/orders.yml",
                """
                models:
                  - name: orders
                    columns:
                      - { name: id, tests: [{ not_null: { severity: quarantine } }] }
                """
            )
        );

        project.Messages().Contains("ST6031").ShouldBe(isReported, project.Messages());
    }

    [Fact]
    public void Entry_InEveryForm_IsRead()
    {
        using var project = new TestProject(
            ("models/gold/orders.sql", "{{ config materialized: \"table\" }} select 1 as id"),
            ("models/gold/customers.sql", "select 1 as id"),
            (
                "models/gold/gold.yml",
                """
                models:
                  - name: orders
                    tests:
                      - unique: { column_name: "id || day", name: one_a_day, config: { severity: warn } }
                    columns:
                      - name: id
                        tags: [key]
                        data_tests:
                          - not_null
                          - accepted_values: { values: [a, "b c"], severity: quarantine, where: "id > 0" }
                          - relationships: { arguments: { to: ref('customers'), field: id }, config: { error_if: ">10", limit: 5 } }
                          - { name: named, test_name: unique, mostly: 0.9 }
                """
            )
        );

        var tests = project.Manifest().Nodes.Values.OfType<TestNode>().ToDictionary(test => test.Name);

        tests.Keys.ShouldBe(
            [
                "one_a_day",
                "not_null_orders_id",
                "accepted_values_orders_id__a__b_c",
                "relationships_orders_id__id__ref_customers_",
                "named",
            ],
            ignoreOrder: true
        );
        tests["one_a_day"].Column.ShouldBeNull();
        tests["one_a_day"].Config.Severity.ShouldBe(TestSeverity.Warn);
        tests["one_a_day"].Arguments["column_name"].Value.ShouldBe("id || day");
        tests["not_null_orders_id"].Column.ShouldBe("id");
        tests["not_null_orders_id"].Tags.ShouldBe(["key"]);
        tests["not_null_orders_id"].Declaration.ToString().ShouldBe("models/gold/gold.yml:9:13");
        var values = tests["accepted_values_orders_id__a__b_c"];
        values.Config.Severity.ShouldBe(TestSeverity.Quarantine);
        values.Config.Where.ShouldBe("id > 0");
        values.Arguments["values"].Value.ShouldBe(new object?[] { "a", "b c" });
        var relationship = tests["relationships_orders_id__id__ref_customers_"];
        relationship.Arguments["to"].NodeId.ShouldBe("model.shop.customers");
        relationship.Arguments["to"].Value.ShouldBe("customers");
        relationship.DependsOn.ShouldBe(["model.shop.customers", "model.shop.orders"]);
        relationship.Config.ErrorIf.ShouldBe(">10");
        relationship.Config.Limit.ShouldBe(5);
        tests["named"].TestName.ShouldBe("unique");
        tests["named"].Config.Mostly.ShouldBe(0.9);
        tests.Values.ShouldAllBe(test => test.Connection == "postgres");
    }

    [Fact]
    public void Name_ThatWouldBeTooLong_EndsInAHash()
    {
        using var project = new TestProject(
            ("models/gold/orders.sql", "select 1 as id"),
            (
                "models/gold/gold.yml",
                "models: [{ name: orders, columns: [{ name: status, tests: [{ accepted_values: { values: [placed, shipped, completed, returned] } }] }] }]"
            )
        );

        var test = project.Manifest().Nodes.Values.OfType<TestNode>().ShouldHaveSingleItem();

        test.Name.ShouldStartWith("accepted_values_orders_");
        test.Name.Length.ShouldBeLessThanOrEqualTo(63);
    }

    [Fact]
    public void Tests_ThatDifferInConfigurationOnly_HaveIdsOfTheirOwn()
    {
        using var project = new TestProject(
            ("models/gold/orders.sql", "select 1 as id"),
            (
                "models/gold/gold.yml",
                "models: [{ name: orders, columns: [{ name: id, tests: [unique, { unique: { where: id > 3 } }] }] }]"
            )
        );

        var tests = project.Manifest().Nodes.Values.OfType<TestNode>().ToList();

        tests.Select(test => test.Name).ShouldBe(["unique_orders_id", "unique_orders_id"]);
        tests.Select(test => test.UniqueId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void TestOfTheProject_IsRenderedWithItsArguments()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/gold/orders.sql", "select 1 as id"),
            (
                "tests/generic/matches.sql",
                "{{ func matches(model, column_name, to, least = 1, days = [1, 2]) }}\nselect * from {{ model }} as m where {{ column_name }} < {{ least }}"
                    + " and not exists (select 1 from {{ to }}) and d in ({{ days | array.join \",\" }})\n{{ end }}"
            ),
            (
                "models/gold/gold.yml",
                "models: [{ name: orders, columns: [{ name: id, tests: [{ matches: { to: ref \"stg\", days: [3] } }] }] }]"
            )
        );

        var test = project.Manifest().Nodes.Values.OfType<TestNode>().ShouldHaveSingleItem();

        test.Query!.Text.Trim()
            .ShouldBe(
                "select * from \"gold\".\"orders\" as m where id < 1 and not exists (select 1 from \"strata_replica_bronze\".\"stg\") and d in (3)"
            );
        test.Query.References.Select(reference => reference.NodeId)
            .ShouldBe(["model.shop.orders", "model.shop.stg"]);
        test.DependsOn.ShouldBe(["model.shop.orders", "model.shop.stg"]);
        var place = test.Query.Map.Find(test.Query.Text.IndexOf("not exists", StringComparison.Ordinal))!;
        place.Span.File.Path.ShouldBe("tests/generic/matches.sql");
        place.Outermost.Span.File.Path.ShouldBe("models/gold/gold.yml");
    }

    [Fact]
    public void SingularTest_RunsWhereTheLastLayerItReadsIs()
    {
        using var project = new TestProject(
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/gold/orders.sql", "select 1 as id"),
            (
                "tests/deep/one.sql",
                "{{ config severity: \"warn\" tags: [\"slow\"] }}select * from {{ ref \"stg\" }}"
            ),
            ("tests/two.sql", "select * from {{ ref \"stg\" }} join {{ ref \"orders\" }} using (id)"),
            ("tests/t.yml", "tests: [{ name: two, description: none is missing }]")
        );

        var manifest = project.Manifest();
        var one = manifest.Find<TestNode>("test.shop.one")!;
        var two = manifest.Find<TestNode>("test.shop.two")!;

        one.Connection.ShouldBe("duckdb");
        one.Config.Severity.ShouldBe(TestSeverity.Warn);
        one.Tags.ShouldBe(["slow"]);
        one.Fqn.ShouldBe(["shop", "deep", "one"]);
        two.Connection.ShouldBe("postgres");
        two.Description.ShouldBe("none is missing");
        two.Query!.Text.ShouldBe(
            "select * from \"strata_replica_bronze\".\"stg\" join \"gold\".\"orders\" using (id)"
        );
    }

    [Fact]
    public void Test_OfASource_IsNamedForIt()
    {
        using var project = new TestProject(
            (
                "models/s.yml",
                "sources: [{ name: landing, tables: [{ name: events, columns: [{ name: id, tests: [not_null] }] }] }]"
            )
        );

        var test = project.Manifest().Nodes.Values.OfType<TestNode>().ShouldHaveSingleItem();

        test.Name.ShouldBe("source_not_null_landing_events_id");
        test.AttachedNode.ShouldBe("source.shop.landing.events");
    }

    [Fact]
    public void Test_Disabled_IsNotThere()
    {
        using var project = new TestProject(
            ("strata.yml", TestProject.StrataYml + "\ntests: { gold: { +enabled: false } }\n"),
            ("models/gold/orders.sql", "select 1 as id"),
            ("models/gold/gold.yml", "models: [{ name: orders, columns: [{ name: id, tests: [not_null] }] }]")
        );

        project.Manifest().Nodes.Keys.ShouldBe(["model.shop.orders"]);
    }

    [Fact]
    public void Arguments_ThatAreTemplates_AreRenderedAndTyped_AndTheNameStaysWhatIsWritten()
    {
        var least = Nodes(10);
        var more = Nodes(20);

        var unique = least.Single(test => test.TestName == "unique");
        unique.Name.ShouldBe("unique_orders_id_var_least_");
        unique.Arguments["column_name"].Value.ShouldBe("id + 10");
        var values = least.Single(test => test.TestName == "accepted_values");
        values.Config.Where.ShouldBe("id > 10");
        values.Arguments["values"].Value.ShouldBe(new object?[] { 10L, "text 10", "{ written }" });
        values.Arguments["quote"].Value.ShouldBe(true);
        // another value is another definition of the same test
        more.Select(test => test.UniqueId).ShouldBe(least.Select(test => test.UniqueId));
        more.Select(test => test.Fingerprint)
            .Intersect(least.Select(test => test.Fingerprint))
            .ShouldBeEmpty();

        static List<TestNode> Nodes(int least)
        {
            using var project = new TestProject(
                (
                    "strata.yml",
                    $"name: shop\nlayers: {{ gold: {{ engine: duckdb }} }}\nvars: {{ least: {least} }}\n"
                ),
                ("models/gold/orders.sql", "{{ config materialized: \"table\" }} select 1 as id"),
                (
                    "models/gold/gold.yml",
                    """
                    models:
                      - name: orders
                        tests:
                          - unique: { column_name: "id + {{ var 'least' }}" }
                        columns:
                          - name: id
                            tests:
                              - accepted_values:
                                  values: ["{{ var 'least' }}", "text {{ var 'least' }}", "{ written }"]
                                  quote: "{{ (var 'least') > 5 }}"
                                  where: "id > {{ var 'least' }}"
                    """
                )
            );
            return [.. project.Manifest().Nodes.Values.OfType<TestNode>()];
        }
    }
}
