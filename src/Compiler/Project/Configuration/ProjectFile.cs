using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Configuration.Entries;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Configuration;

/// <summary>strata.yml.</summary>
internal sealed record ProjectFile(SourceText File)
{
    public YamlScalar? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>In the order of the file: the first one is where what belongs to none of them lives.</summary>
    public ImmutableArray<LayerDeclaration> Layers { get; init; } = [];

    public FolderDefaults Models { get; init; } = FolderDefaults.Empty;

    public FolderDefaults Seeds { get; init; } = FolderDefaults.Empty;

    public FolderDefaults Tests { get; init; } = FolderDefaults.Empty;

    public FolderDefaults Sources { get; init; } = FolderDefaults.Empty;

    public ImmutableSortedDictionary<string, object?> Vars { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableArray<YamlScalar> OnRunStart { get; init; } = [];

    public ImmutableArray<YamlScalar> OnRunEnd { get; init; } = [];

    public ImmutableArray<DispatchDeclaration> Dispatch { get; init; } = [];

    public TemplateSettings Templates { get; init; } = new();

    public Manifest.Tests.TestResultsConfig TestResults { get; init; } = new();

    public RetentionConfig Retention { get; init; } = RetentionConfig.Default;

    public ProjectPaths Paths { get; init; } = new();

    public static readonly YamlObject<ProjectFile> Shape = new YamlObject<ProjectFile>(
        "strata.yml",
        "project",
        span => new ProjectFile(span.File)
    )
        .Required("name", "The project's name.", YamlScalars.Template, (p, v) => p with { Name = v })
        .Optional("version", "The project's own version.", YamlScalars.Text, (p, v) => p with { Version = v })
        .Optional("config-version", "Accepted for compatibility with dbt.", YamlScalars.Integer, (p, _) => p)
        .Required(
            "layers",
            "The layers, in the order the data passes through them.",
            LayersType.Instance,
            (p, v) => p with { Layers = v }
        )
        .Optional(
            "models",
            "Defaults for models by folder.",
            new FolderDefaultsType<ModelSettings>(ModelConfigShape.Block),
            (p, v) => p with { Models = v }
        )
        .Optional(
            "seeds",
            "Defaults for seeds by folder.",
            new FolderDefaultsType<SeedSettings>(SeedSettings.Block),
            (p, v) => p with { Seeds = v }
        )
        .Optional(
            "tests",
            "Defaults for tests by folder.",
            new FolderDefaultsType<TestSettings>(TestSettings.Block),
            (p, v) => p with { Tests = v }
        )
        .Alias("data_tests")
        .Optional(
            "sources",
            "Defaults for sources by folder.",
            new FolderDefaultsType<SourceSettings>(SourceSettings.Block),
            (p, v) => p with { Sources = v }
        )
        .Optional("vars", "Values for var.", YamlCollections.Data, (p, v) => p with { Vars = v })
        .Optional(
            "on-run-start",
            "SQL that runs before a run's first node.",
            YamlCollections.ListOf(HookType.Instance, allowSingle: true),
            (p, v) => p with { OnRunStart = v }
        )
        .Optional(
            "on-run-end",
            "SQL that runs after a run's last node.",
            YamlCollections.ListOf(HookType.Instance, allowSingle: true),
            (p, v) => p with { OnRunEnd = v }
        )
        .Optional(
            "dispatch",
            "Accepted for compatibility with dbt: macros have no namespaces here, so there is only one place to look for them.",
            YamlCollections.ListOf(DispatchDeclaration.Shape),
            (p, v) => p with { Dispatch = v }
        )
        .Optional(
            "templates",
            "How templates are rendered.",
            TemplateSettings.Shape,
            (p, v) => p with { Templates = v }
        )
        .Optional(
            "test_results",
            "What is kept of test results, and how much of a failure is shown.",
            TestResultsSettings.Shape,
            (p, v) => p with { TestResults = v }
        )
        .Optional(
            "retention",
            "How long old versions of relations are kept for a rollback.",
            RetentionShape.Shape,
            (p, v) => p with { Retention = v }
        )
        .Optional(
            "model-paths",
            "Folders of models.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { Models = v } }
        )
        .Optional(
            "test-paths",
            "Folders of singular tests.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { Tests = v } }
        )
        .Optional(
            "generic-test-paths",
            "Folders of tests written as functions.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { GenericTests = v } }
        )
        .Optional(
            "macro-paths",
            "Folders of macros.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { Macros = v } }
        )
        .Optional(
            "seed-paths",
            "Folders of seeds.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { Seeds = v } }
        )
        .Optional(
            "snapshot-paths",
            "Folders of snapshots.",
            YamlCollections.Texts,
            (p, v) => p with { Paths = p.Paths with { Snapshots = v } }
        )
        .Optional(
            "target-path",
            "Where artifacts go.",
            YamlScalars.Text,
            (p, v) => p with { Paths = p.Paths with { Target = v } }
        );
}
