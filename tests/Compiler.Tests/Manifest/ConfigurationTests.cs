using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>Which of several places wins.</summary>
public sealed class ConfigurationTests
{
    private const string Layers = """
        name: shop
        layers:
          bronze: { engine: duckdb, schema: raw, materialized: table, tags: [layer] }
          gold: { engine: postgres, publish: run }
        """;

    [Fact]
    public void Precedence_FromLayerToModel_TheNearerWins()
    {
        const string folders = "\nmodels:\n  bronze:\n    deep: { materialized: incremental }\n";
        const string yaml =
            "models: [{ name: c, config: { materialized: view } }, { name: d, config: { materialized: view } }]";
        using var project = new TestProject(
            ("strata.yml", Layers + folders),
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/bronze/deep/b.sql", "select 1 as id"),
            ("models/bronze/deep/c.sql", "select 1 as id"),
            ("models/bronze/deep/d.sql", "{{ config materialized: \"ephemeral\" }}select 1 as id"),
            ("models/bronze/deep/m.yml", yaml)
        );

        project.Model("a").Config.Materialized.ShouldBe(Materialization.Table);
        project.Model("b").Config.Materialized.ShouldBe(Materialization.Incremental);
        project.Model("c").Config.Materialized.ShouldBe(Materialization.View);
        project.Model("d").Config.Materialized.ShouldBe(Materialization.Ephemeral);
    }

    [Fact]
    public void TagsAndMeta_OfAllPlaces_AddUp()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                Layers + "\nmodels: { shop: { bronze: { +tags: folder, +meta: { a: 1, b: 1 } } } }\n"
            ),
            ("models/bronze/a.sql", "{{ config tags: [\"own\", \"layer\"] meta: { c: 3 } }}select 1 as id"),
            ("models/bronze/m.yml", "models: [{ name: a, tags: [yaml], meta: { b: 2 } }]")
        );

        var model = project.Model("a");

        model.Tags.ShouldBe(["folder", "layer", "own", "yaml"]);
        model.Meta.ShouldBe(
            new Dictionary<string, object?>
            {
                ["a"] = 1L,
                ["b"] = 2L,
                ["c"] = 3L,
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public void Layer_DecidesConnectionSchemaAndPublish()
    {
        using var project = new TestProject(
            ("strata.yml", Layers),
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/gold/b.sql", "select 1 as id"),
            (
                "models/gold/c.sql",
                "{{ config publish: \"model\" schema: \"marts\" engine: \"duckdb\" }}select 1 as id"
            ),
            ("models/other/d.sql", "select 1 as id")
        );

        Describe("a").ShouldBe("bronze duckdb raw.a Model");
        Describe("b").ShouldBe("gold postgres gold.b Run");
        Describe("c").ShouldBe("gold duckdb marts.c Model");
        Describe("d").ShouldBe(" duckdb raw.d Model");

        string Describe(string name)
        {
            var model = project.Model(name);
            return $"{model.Layer} {model.Connection} {model.Relation} {model.Config.Publish}";
        }
    }

    [Fact]
    public void Layer_WithAFolderOfItsOwn_HoldsTheModelsThere()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                "name: shop\nlayers: { one: { engine: duckdb, folder: models/first/ }, two: { engine: postgres } }\n"
            ),
            ("models/first/sub/a.sql", "select 1 as id"),
            ("models/two/b.sql", "select 1 as id")
        );

        project.Model("a").Layer.ShouldBe("one");
        project.Model("a").Fqn.ShouldBe(["shop", "first", "sub", "a"]);
        project.Model("b").Layer.ShouldBe("two");
    }

    [Fact]
    public void Templates_InYaml_AreRenderedBeforeTheyAreRead()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                TestProject.StrataYml
                    + "\nmodels: { bronze: { +schema: \"{{ target.name }}_bronze\" } }\nvars: { on: false }\n"
            ),
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/bronze/b.sql", "select 1 as id"),
            ("models/bronze/m.yml", "models: [{ name: b, config: { enabled: \"{{ var 'on' }}\" } }]")
        );

        project.Model("a").Relation.Schema.ShouldBe("dev_bronze");
        project.Manifest().Nodes.Keys.ShouldBe(["model.shop.a"]);
    }

    [Fact]
    public void Seed_TakesItsSettings()
    {
        using var project = new TestProject(
            ("strata.yml", TestProject.StrataYml + "\nseeds: { +schema: ref }\n"),
            ("seeds/gold/cities.csv", "id;name\n1;Bern\n"),
            (
                "seeds/s.yml",
                "seeds: [{ name: cities, description: where, config: { delimiter: ';', column_types: { id: integer } }, columns: [{ name: id, tests: [unique] }] }]"
            )
        );

        var seed = project.Manifest().Find<SeedNode>("seed.shop.cities")!;

        seed.Relation.ToString().ShouldBe("ref.cities");
        seed.Connection.ShouldBe("postgres");
        seed.Layer.ShouldBe("gold");
        seed.Publish.ShouldBe(PublishMode.Run);
        seed.Delimiter.ShouldBe(';');
        seed.ColumnTypes["id"].ShouldBe("integer");
        project
            .Manifest()
            .Graph.ChildrenOf(seed.UniqueId)
            .ShouldHaveSingleItem()
            .ShouldStartWith("test.shop.unique_cities_id.");
    }

    [Fact]
    public void Source_OfFiles_TakesItsColumnsFromEitherPlace()
    {
        using var project = new TestProject(
            (
                "models/s.yml",
                """
                sources:
                  - name: landing
                    loaded_at_field: at
                    freshness: { warn_after: { count: 1, period: hour }, error_after: { count: 2, period: day } }
                    tags: [files]
                    tables:
                      - name: a
                        files: { path: landing/a/*.jsonl, format: json_lines, hive_partitions: true }
                        columns: [{ name: id, data_type: bigint }, { name: note }]
                      - name: b
                        files: { path: b.csv, format: csv, delimiter: ';', header: false, null_texts: [NA], columns: [{ name: x, data_type: date }] }
                      - name: c
                      - name: d
                        files: { path: d/*/*.txt, format: text, hive_partitions: true }
                        columns: [{ name: line }, { name: _Source_File }, { name: year, data_type: integer }]
                """
            )
        );

        var manifest = project.Manifest();
        var a = manifest.Find<SourceNode>("source.shop.landing.a")!;
        var b = manifest.Find<SourceNode>("source.shop.landing.b")!;
        var c = manifest.Find<SourceNode>("source.shop.landing.c")!;

        a.Files!.Columns.Select(column => $"{column.Name} {column.DataType}")
            .ShouldBe(["id bigint", "note "]);
        a.Files.HivePartitions.ShouldBeTrue();
        a.Freshness!.ErrorAfter!.Length.ShouldBe(TimeSpan.FromDays(2));
        a.Freshness.LoadedAt.ShouldBe("at");
        a.Tags.ShouldBe(["files"]);
        b.Files!.Csv.Delimiter.ShouldBe(";");
        b.Files.Csv.Header.ShouldBeFalse();
        b.Files.Csv.NullTexts.ShouldBe(["NA"]);
        c.Files.ShouldBeNull();
        manifest
            .Find<SourceNode>("source.shop.landing.d")!
            .Files!.Columns.Select(column => column.Name)
            .ShouldBe(["year"]);
        c.Relation.ToString().ShouldBe("landing.c");
    }

    [Fact]
    public void Connections_TakeTheEnvironmentAndKeepSecretsApart()
    {
        using var project = new TestProject(
            ("strata.yml", "name: shop\nlayers: { gold: { engine: postgres } }\n"),
            (
                "profiles.yml",
                """
                default: "dev"
                targets:
                  dev:
                    postgres:
                      type: postgres
                      port: '{{ env_var "PORT" "5432" }}'
                      dbname: shop
                      pass: '{{ env_var "PW" }}'
                      settings: { search_path: x }
                """
            )
        )
        {
            Environment = { ["PW"] = "s3cret" },
        };

        var connection = project.Manifest().Connections["postgres"];

        connection.Options.ShouldBe(
            new Dictionary<string, string>
            {
                ["database"] = "shop",
                ["password"] = "s3cret",
                ["port"] = "5432",
                ["settings.search_path"] = "x",
            },
            ignoreOrder: true
        );
        connection.Secrets.ShouldBe(["s3cret"]);
        connection.Declaration.ToString().ShouldBe("profiles.yml:4:5");
    }

    [Fact]
    public void Tests_UnderTheProjectsName_HaveTheirDefaults()
    {
        using var project = new TestProject(
            ("strata.yml", Layers + "\ntests: { shop: { +severity: warn } }\n"),
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/bronze/m.yml", "models: [{ name: a, columns: [{ name: id, tests: [not_null] }] }]"),
            ("tests/none.sql", "select * from {{ ref \"a\" }} where id < 0")
        );

        project
            .Manifest()
            .Nodes.Values.OfType<TestNode>()
            .Select(test => test.Config.Severity)
            .ShouldBe([TestSeverity.Warn, TestSeverity.Warn]);
    }

    [Fact]
    public void AFolder_MayBeCalledLikeAKey()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                Layers
                    + "\nmodels: { bronze: { docs: { +materialized: view }, meta: { deep: { +tags: d } }, +docs: { show: true } } }\n"
            ),
            ("models/bronze/docs/a.sql", "select 1 as id"),
            ("models/bronze/meta/deep/b.sql", "select 1 as id")
        );

        project.Model("a").Config.Materialized.ShouldBe(Materialization.View);
        project.Model("b").Tags.ShouldBe(["d", "layer"]);
    }

    [Fact]
    public void AKeyInTwoSpellings_IsReported()
    {
        using var project = new TestProject(
            ("models/bronze/a.sql", "select 1 as id"),
            (
                "models/bronze/m.yml",
                "models: [{ name: a, config: { pre-hook: select 1, pre_hook: select 2 } }]"
            )
        );

        project.Messages().ShouldContain("ST1028");
    }

    [Fact]
    public void AKeyByItsOtherName_TakesThePlaceOfTheOne()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                Layers
                    + "\nmodels: { +materialized: incremental, +unique_key: id, +incremental_predicates: [a] }\n"
            ),
            ("models/bronze/a.sql", "{{ config predicates: [\"b\"] }}select 1 as id"),
            ("models/bronze/b.sql", "select 1 as id"),
            ("models/bronze/m.yml", "models: [{ name: b, config: { predicates: [c] } }]")
        );

        project.Model("a").Config.IncrementalPredicates.ShouldBe(["b"]);
        project.Model("b").Config.IncrementalPredicates.ShouldBe(["c"]);
    }

    [Fact]
    public void Places_ThatFollowFromOthers_AreSettledAllTheWay()
    {
        using var project = new TestProject(
            ("models/bronze/b.sql", "{{ if true }}{{ config schema: \"other\" }}{{ end }}select 1 as id"),
            (
                "models/bronze/a.sql",
                "{{ config schema: (ref \"b\").schema + \"_x\" }}select * from {{ ref \"b\" }}"
            ),
            (
                "models/bronze/c.sql",
                "{{ config schema: (ref \"a\").schema + \"_y\" }}select * from {{ ref \"a\" }}"
            ),
            ("models/bronze/d.sql", "select '{{ (ref \"c\").schema }}' as s from {{ ref \"c\" }}")
        );

        project.Model("c").Relation.Schema.ShouldBe("other_x_y");
        project.Model("d").Full.Text.ShouldBe("select 'other_x_y' as s from \"other_x_y\".\"c\"");
    }

    [Fact]
    public void APlace_ThatFollowsFromItself_IsReported()
    {
        using var project = new TestProject(
            ("models/bronze/a.sql", "{{ config alias: (this.name + \"_v2\") }}select 1 as id"),
            ("models/bronze/b.sql", "select * from {{ ref \"a\" }}")
        );

        project.Messages().ShouldContain("ST1052: the schema or alias of 'a' depends on itself");
        project.Write("models/bronze/a.sql", "{{ config alias: (model.name + \"_v2\") }}select 1 as id");
        project.Model("b").Full.Text.ShouldBe("select * from \"bronze\".\"a_v2\"");
    }

    [Fact]
    public void ATest_OfAViewThatAsksForTheTime_DoesSo()
    {
        const string ephemeral = "{{ config materialized: \"ephemeral\" }}";
        using var project = new TestProject(
            ("strata.yml", Layers + "\nmodels: { +materialized: view }\n"),
            ("models/bronze/e.sql", ephemeral + "select 1 as id where now() > '2026-01-01'"),
            ("models/bronze/v.sql", "select * from {{ ref \"e\" }}"),
            ("models/bronze/w.sql", "select * from {{ ref \"v\" }}"),
            ("models/bronze/t.sql", "{{ config materialized: \"table\" }}select * from {{ ref \"v\" }}"),
            (
                "models/bronze/m.yml",
                "models: [{ name: w, columns: [{ name: id, tests: [not_null] }] }, { name: t, columns: [{ name: id, tests: [not_null] }] }]"
            )
        );

        project
            .Manifest()
            .Nodes.Values.OfType<TestNode>()
            .Where(test => test.ReadsClock)
            .Select(test => test.Name)
            .ShouldBe(["not_null_w_id"]);
    }

    [Theory]
    [InlineData("select * from {{ ref \"a\" }} where at < now()", true)]
    [InlineData("select * from {{ ref \"a\" }} where at < current_date", true)]
    [InlineData("select * from {{ ref \"a\" }} where age(at) > interval '1 day'", true)]
    [InlineData("select * from {{ ref \"a\" }} where at < 'yesterday'::date", true)]
    [InlineData("select now from {{ ref \"a\" }} where 'now()' = ''", false)]
    public void ATest_ThatAsksForTheTime_IsToldFromOthers(string sql, bool reads)
    {
        using var project = new TestProject(
            ("models/bronze/a.sql", "select 1 as id"),
            ("tests/t.sql", sql),
            (
                "models/bronze/m.yml",
                $"models: [{{ name: a, columns: [{{ name: id, tests: [{{ accepted_values: {{ values: [1], config: {{ where: \"{(reads ? "at > now()" : "at > 1")}\" }} }} }}] }}] }}]"
            )
        );

        project
            .Manifest()
            .Nodes.Values.OfType<TestNode>()
            .Select(test => test.ReadsClock)
            .ShouldBe([reads, reads]);
    }
}
