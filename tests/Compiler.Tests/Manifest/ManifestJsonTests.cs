using System.Text.Json;
using Strata.Compiler.Manifest.Json;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

public sealed class ManifestJsonTests
{
    [Fact]
    public void Json_HasTheShapeOfDbtsManifest()
    {
        using var project = Shop();
        using var json = Write(project);
        var root = json.RootElement;

        root.GetProperty("metadata")
            .GetProperty("dbt_schema_version")
            .GetString()
            .ShouldBe(ManifestJson.SchemaVersion);
        root.GetProperty("metadata").GetProperty("generated_at").GetString().ShouldBe("2026-11-20T08:30:00Z");
        var orders = root.GetProperty("nodes").GetProperty("model.shop.orders");
        orders.GetProperty("resource_type").GetString().ShouldBe("model");
        orders.GetProperty("path").GetString().ShouldBe("gold/orders.sql");
        orders.GetProperty("original_file_path").GetString().ShouldBe("models/gold/orders.sql");
        orders.GetProperty("patch_path").GetString().ShouldBe("shop://models/gold/gold.yml");
        orders.GetProperty("relation_name").GetString().ShouldBe("\"gold\".\"orders\"");
        orders.GetProperty("raw_code").GetString()!.ShouldContain("{{ ref");
        orders.GetProperty("compiled_code").GetString()!.ShouldContain("\"strata_replica_bronze\".\"stg\"");
        orders.GetProperty("compiled_path").GetString().ShouldBe("compiled/shop/models/gold/orders.sql");
        orders.GetProperty("config").GetProperty("materialized").GetString().ShouldBe("table");
        orders.GetProperty("depends_on").GetProperty("nodes")[0].GetString().ShouldBe("model.shop.stg");
        orders.GetProperty("depends_on").GetProperty("macros")[0].GetString().ShouldBe("macro.shop.one");
        orders.GetProperty("refs")[0].GetProperty("name").GetString().ShouldBe("stg");
        orders
            .GetProperty("columns")
            .GetProperty("id")
            .GetProperty("description")
            .GetString()
            .ShouldBe("key");
        orders.GetProperty("strata").GetProperty("layer").GetString().ShouldBe("gold");
        orders.GetProperty("strata").GetProperty("volatile_columns")[0].GetString().ShouldBe("at");
        root.GetProperty("sources")
            .GetProperty("source.shop.landing.events")
            .GetProperty("strata")
            .GetProperty("files")
            .GetProperty("path")
            .GetString()
            .ShouldBe("landing/*.csv");
        root.GetProperty("exposures")
            .GetProperty("exposure.shop.board")
            .GetProperty("type")
            .GetString()
            .ShouldBe("dashboard");
        root.GetProperty("macros")
            .GetProperty("macro.shop.one")
            .GetProperty("macro_sql")
            .GetString()!
            .ShouldContain("func one");
        root.GetProperty("parent_map").GetProperty("model.shop.orders").GetArrayLength().ShouldBe(1);
        root.GetProperty("child_map")
            .GetProperty("model.shop.orders")
            .EnumerateArray()
            .Select(id => id.GetString()!.Split('.')[0])
            .ShouldBe(["exposure", "test"]);
        var test = root.GetProperty("nodes")
            .EnumerateObject()
            .Single(node => node.Name.StartsWith("test."))
            .Value;
        test.GetProperty("test_metadata").GetProperty("name").GetString().ShouldBe("accepted_values");
        test.GetProperty("test_metadata")
            .GetProperty("kwargs")
            .GetProperty("values")[1]
            .GetInt64()
            .ShouldBe(2);
    }

    [Fact]
    public void Json_HoldsNoSecret()
    {
        using var project = Shop();
        project.Write(
            "profiles.yml",
            """
            targets:
              dev:
                duckdb: { type: duckdb, path: x }
                postgres: { type: postgres, user: somebody, password: '{{ env_var "PW" }}' }
            """
        );
        project.Environment["PW"] = "s3cret";

        using var json = Write(project);

        json.RootElement.GetRawText().ShouldNotContain("s3cret");
        json.RootElement.GetRawText().ShouldNotContain("somebody");
    }

    [Fact]
    public void CompiledFiles_AreWrittenOnce()
    {
        using var project = Shop();
        using var folder = new TemporaryFolder();
        var manifest = project.Manifest();

        CompiledFiles.Write(manifest, folder.Path);

        var file = folder.Combine("compiled", "shop", "models", "gold", "orders.sql");
        File.ReadAllText(file).ShouldBe(project.Model("orders").Full.Text);
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, written);
        CompiledFiles.Write(manifest, folder.Path);
        File.GetLastWriteTimeUtc(file).ShouldBe(written);
    }

    private static JsonDocument Write(TestProject project)
    {
        using var stream = new MemoryStream();
        ManifestJson.Write(
            stream,
            project.Manifest(),
            new ArtifactInfo("0.1.0", "run-1", project.RunStartedAt) { IsIndented = true }
        );
        stream.Position = 0;
        return JsonDocument.Parse(stream);
    }

    private static TestProject Shop() =>
        new(
            ("macros/one.sql", "{{ func one }}1{{ end }}"),
            (
                "models/s.yml",
                """
                sources: [{ name: landing, tables: [{ name: events, files: { path: "landing/*.csv", format: csv } }] }]
                exposures: [{ name: board, type: dashboard, owner: { name: me }, depends_on: [ref('orders')] }]
                """
            ),
            ("models/bronze/stg.sql", "select * from {{ source \"landing\" \"events\" }}"),
            (
                "models/gold/orders.sql",
                "{{ config materialized: \"table\" }}select {{ one }} as id from {{ ref \"stg\" }}"
            ),
            (
                "models/gold/gold.yml",
                """
                models:
                  - name: orders
                    columns:
                      - { name: id, description: key, tests: [{ accepted_values: { values: [1, 2] } }] }
                      - { name: at, volatile: true }
                """
            )
        );
}
