namespace Strata.Compiler.Tests.Project;

/// <summary>ST1xxx: what the user sees when YAML or configuration is wrong.</summary>
public sealed class ProjectMessagesTests
{
    [Fact]
    public void Project_WithoutFile_SaysWhatToDo()
    {
        using var project = new TestProject();
        File.Delete(Path.Combine(project.Folder, "strata.yml"));

        project.Messages().ShouldStartWith($"error ST1001: no strata.yml in '{project.Folder}'\n   = hint: ");
    }

    [Fact]
    public void Yaml_Tab_IsExplained()
    {
        using var project = new TestProject(("models/a.yml", "models:\n\t- name: a\n"));

        var messages = project.Messages();

        messages.ShouldStartWith("error ST1002: not valid YAML: ");
        messages.ShouldContain("--> models/a.yml:2:");
        messages.ShouldContain("= hint: indent with spaces; YAML does not allow tabs");
    }

    [Theory]
    [InlineData(
        "models:\n  - name: a\n     columns: []\n",
        "it is indented deeper than line 2, which already has a value: start both in the same column"
    )]
    [InlineData(
        "models:\n  - name: a\n    description: totals: by day\n",
        "put a value that contains ': ' in quotes"
    )]
    public void Yaml_WhatCannotBeRead_IsExplained(string yaml, string hint)
    {
        using var project = new TestProject(("models/a.yml", yaml));

        var messages = project.Messages();

        messages.ShouldStartWith("error ST1002: not valid YAML: ");
        messages.ShouldContain($"= hint: {hint}");
    }

    [Fact]
    public void Yaml_UnknownKey_SuggestsTheNearest()
    {
        using var project = new TestProject(
            ("models/a.sql", "select 1 as id"),
            ("models/a.yml", "models:\n  - name: a\n    descripton: one\n")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1003: unknown key 'descripton' in a model
                  --> models/a.yml:3:5
                   |
                 3 |     descripton: one
                   |     ^^^^^^^^^^
                   = hint: did you mean 'description'?

                """
            );
    }

    [Theory]
    [InlineData("models: yes", "error ST1004: 'models' must be a list, not text\n  --> models/a.yml:1:9")]
    [InlineData("models: [{ name: a, columns: 3 }]", "error ST1004: 'columns' must be a list, not a number")]
    [InlineData(
        "models: [{ name: a, config: { enabled: yes } }]",
        "error ST1004: 'enabled' must be true or false, not text"
    )]
    [InlineData(
        "models: [{ name: a, config: { materialized: tabel } }]",
        "error ST1006: 'tabel' is not a value of 'materialized'"
    )]
    [InlineData("models: [{ description: x }]", "error ST1007: a model lacks the key 'name'")]
    [InlineData("sources: [{ name: s, schema: {{ x }}, tables: [] }]", "error ST1008: a key must be text")]
    [InlineData(
        "models: [{ name: a, tests: [{ unique: , severity: warn }] }]",
        "error ST1009: this entry of 'tests'"
    )]
    [InlineData("models: [{ name: nobody }]", "error ST1024: there is no model 'nobody' to describe")]
    [InlineData("models: [{ name: a }, { name: a }]", "error ST1025: model 'a' is described twice")]
    [InlineData(
        "models: [{ name: a, tests: [], data_tests: [] }]",
        "error ST1028: key 'data_tests' repeats 'tests'"
    )]
    [InlineData("models: [{ name: a }]\nmodels: []", "error ST1005: key 'models' is written twice")]
    [InlineData(
        "unit_tests: [{ name: u, model: a, given: [], expect: {} }]",
        "error ST6042: what is expected has no rows"
    )]
    [InlineData(
        "unit_tests: [{ name: u, modle: a, given: [], expect: {} }]",
        "error ST1007: a unit test lacks the key 'model'"
    )]
    public void Yaml_Mistake_IsReportedWhereItStands(string yaml, string message)
    {
        using var project = new TestProject(("models/a.sql", "select 1 as id"), ("models/a.yml", yaml));

        project.Messages().ShouldContain(message);
    }

    [Fact]
    public void Yaml_AllMistakes_AreReportedAtOnce()
    {
        using var project = new TestProject(
            ("models/a.sql", "{{ config materialzed: \"table\" }}select 1 as id"),
            ("models/a.yml", "models:\n  - name: a\n    x: 1\n    columns:\n      - nam: id\n"),
            ("seeds/s.yml", "seeds:\n  - name: nobody\n")
        );

        project
            .Compile()
            .Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.Span}")
            .ShouldBe(
                [
                    "ST1003 models/a.sql:1:11",
                    "ST1003 models/a.yml:3:5",
                    "ST1003 models/a.yml:5:9",
                    "ST1007 models/a.yml:5:9",
                    "ST1024 seeds/s.yml:2:11",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Config_UnknownKeyInTemplate_PointsAtTheKey()
    {
        using var project = new TestProject(
            ("models/a.sql", "{{ config materialised: \"table\" }}\nselect 1 as id")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1003: unknown key 'materialised' in the configuration of a model
                  --> models/a.sql:1:11
                   |
                 1 | {{ config materialised: "table" }}
                   |           ^^^^^^^^^^^^
                   = hint: did you mean 'materialized'?

                """
            );
    }

    [Fact]
    public void Config_BadValueInTemplate_PointsAtTheValue()
    {
        using var project = new TestProject(
            ("models/a.sql", "{{ config materialized: \"tabel\" }}\nselect 1 as id")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1006: 'tabel' is not a value of 'materialized'
                  --> models/a.sql:1:25
                   |
                 1 | {{ config materialized: "tabel" }}
                   |                         ^^^^^^^
                   = hint: did you mean 'table'? (allowed: view, table, incremental, ephemeral, cdc)

                """
            );
    }

    [Fact]
    public void Config_InFolderDefaults_IsCheckedThere()
    {
        using var project = new TestProject(
            (
                "strata.yml",
                TestProject.StrataYml + "\nmodels:\n  bronze:\n    +materialized: tabel\n    +tagz: [a]\n"
            ),
            ("models/bronze/a.sql", "select 1 as id")
        );

        project
            .Compile()
            .Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.Span}")
            .ShouldBe(["ST1006 strata.yml:7:20", "ST1003 strata.yml:8:5"]);
    }

    [Fact]
    public void File_NotUtf8_IsReported()
    {
        using var project = new TestProject();
        Directory.CreateDirectory(Path.Combine(project.Folder, "models"));
        File.WriteAllBytes(Path.Combine(project.Folder, "models", "a.sql"), [0x73, 0xE4, 0x20]);

        project.Messages().ShouldStartWith("error ST1012: 'models/a.sql' is not UTF-8 at byte 1");
    }

    [Fact]
    public void Profiles_Missing_SaysWhatTheyAreFor()
    {
        using var project = new TestProject();
        File.Delete(Path.Combine(project.Folder, "profiles.yml"));

        project.Messages().ShouldStartWith($"error ST1013: no profiles.yml in '{project.Folder}'");
    }

    [Fact]
    public void Target_Unknown_ListsTheTargets()
    {
        using var project = new TestProject { Target = "prd" };

        project
            .Messages()
            .ShouldBe("error ST1014: profiles.yml has no target 'prd'\n   = hint: targets: dev, local\n");
    }

    [Fact]
    public void Layer_UnknownConnection_PointsAtItsName()
    {
        using var project = new TestProject(
            ("strata.yml", "name: shop\nlayers:\n  gold: { engine: postgers }\n")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1015: the target has no connection 'postgers'
                  --> strata.yml:3:19
                   |
                 3 |   gold: { engine: postgers }
                   |                   ^^^^^^^^
                   = hint: did you mean 'postgres'? (connections: duckdb, postgres)

                """
            );
    }

    [Theory]
    [InlineData("a: b\n    b: a", "error ST1016: connection 'a' is an alias of itself")]
    [InlineData("a: nobody", "error ST1015: the target has no connection 'nobody'")]
    [InlineData("a: { type: oracle }", "error ST1006: 'oracle' is not a value of 'type'")]
    [InlineData("a: { path: x }", "error ST1007: a connection lacks the key 'type'")]
    public void Profiles_BadConnection_IsReported(string connections, string message)
    {
        using var project = new TestProject(
            (
                "profiles.yml",
                $"targets:\n  dev:\n    duckdb: {{ type: duckdb, path: x }}\n    {connections}\n"
            ),
            ("strata.yml", "name: shop\nlayers:\n  gold: { engine: duckdb }\n")
        );

        project.Messages().ShouldContain(message);
    }

    [Fact]
    public void Profiles_LiteralPassword_WarnsWithoutShowingIt()
    {
        using var project = new TestProject(
            ("strata.yml", "name: shop\nlayers:\n  gold: { engine: postgres }\n"),
            ("profiles.yml", "targets:\n  dev:\n    postgres: { type: postgres, password: hunter2 }\n")
        );

        project.Messages().ShouldStartWith("warning ST1017: 'password' is written into the file");
        project.Messages().ShouldNotContain("hunter2");
        project.Manifest().Connections["postgres"].Secrets.ShouldBe(["hunter2"]);
    }

    [Fact]
    public void Var_Undefined_SuggestsOne()
    {
        using var project = new TestProject(
            ("strata.yml", TestProject.StrataYml + "\nvars: { start_day: 2026-01-01 }\n"),
            ("models/a.sql", "select '{{ var \"startday\" }}' as day")
        );

        project.Messages().ShouldContain("error ST1018: variable 'startday' is not defined");
        project.Messages().ShouldContain("did you mean 'start_day'?");
    }

    [Fact]
    public void EnvVar_NotSet_PointsIntoTheYamlValue()
    {
        using var project = new TestProject(
            ("strata.yml", "name: shop\nlayers:\n  gold: { engine: postgres }\n"),
            (
                "profiles.yml",
                "targets:\n  dev:\n    postgres:\n      type: postgres\n      password: '{{ env_var \"PW\" }}'\n"
            )
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1019: environment variable 'PW' is not set
                  --> profiles.yml:5:29
                   |
                 5 |       password: '{{ env_var "PW" }}'
                   |                             ^^^^
                   = hint: set it, or give env_var a default

                """
            );
    }

    [Fact]
    public void EnvVar_OfAnotherTarget_NeedNotBeSet()
    {
        using var project = new TestProject(
            (
                "profiles.yml",
                """
                default: local
                targets:
                  local: { duckdb: { type: duckdb, path: x }, postgres: duckdb }
                  dev: { duckdb: { type: duckdb, path: '{{ env_var "NOT_SET" }}' }, postgres: duckdb }
                """
            )
        );

        project.Messages().ShouldBe("");
    }

    [Fact]
    public void Engine_Trino_IsNotThereYet()
    {
        using var project = new TestProject(
            ("strata.yml", "name: shop\nlayers:\n  gold: { engine: cluster }\n"),
            ("profiles.yml", "targets:\n  dev:\n    cluster: { type: trino, host: h }\n")
        );

        project.Messages().ShouldStartWith("error ST1020: connection 'cluster' is of type trino");
    }

    [Fact]
    public void Models_OfOneName_PointAtBoth()
    {
        using var project = new TestProject(
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/gold/a.sql", "select 1 as id")
        );

        project
            .Messages()
            .ShouldBe(
                """
                error ST1021: two models are named 'a'
                  --> models/bronze/a.sql:1:1  first
                  --> models/gold/a.sql:1:1    second
                   = hint: rename one of the files

                """
            );
    }

    [Fact]
    public void Relations_OfOneName_PointAtBoth()
    {
        using var project = new TestProject(
            ("models/bronze/a.sql", "select 1 as id"),
            ("models/bronze/b.sql", "{{ config alias: \"A\" }}select 1 as id")
        );

        project
            .Messages()
            .ShouldStartWith("error ST1022: model 'a' and model 'b' are both bronze.A on duckdb");
    }

    [Fact]
    public void Relation_NameTooLongForPostgres_IsReported()
    {
        var name = new string('x', 64);
        using var project = new TestProject(($"models/gold/{name}.sql", "select 1 as id"));

        project
            .Messages()
            .ShouldStartWith($"error ST1023: name '{name}' is longer than the 63 bytes that postgres keeps");
    }

    [Theory]
    [InlineData("incremental_strategy: \"merge\"", "matches rows by a key, but has no unique_key")]
    [InlineData("incremental_strategy: \"insert_overwrite\"", "replaces partitions, but has no partition_by")]
    [InlineData(
        "unique_key: \"id\" merge_update_columns: [\"a\"] merge_exclude_columns: [\"b\"]",
        "has both merge_update_columns and merge_exclude_columns"
    )]
    public void Config_SettingsThatContradict_AreReported(string settings, string message)
    {
        using var project = new TestProject(
            ("models/a.sql", $"{{{{ config materialized: \"incremental\" {settings} }}}}select 1 as id")
        );

        project.Messages().ShouldStartWith($"error ST1026: model 'a' {message}");
    }

    [Fact]
    public void Project_NameWithADot_IsReported()
    {
        using var project = new TestProject(
            ("strata.yml", TestProject.StrataYml.Replace("name: shop", "name: my.shop"))
        );

        project.Messages().ShouldStartWith("error ST1027: 'my.shop' cannot be the name of a project");
    }

    [Fact]
    public void Model_NameWithABlank_IsReported()
    {
        using var project = new TestProject(("models/my orders.sql", "select 1 as id"));

        project.Messages().ShouldStartWith("error ST1027: 'my orders' cannot be the name of a model");
    }
}
