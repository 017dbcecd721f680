using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>A YAML file beside models, seeds or sources.</summary>
internal sealed record PropertiesFile(SourceText File)
{
    public ImmutableArray<RelationDeclaration> Models { get; init; } = [];

    public ImmutableArray<RelationDeclaration> Seeds { get; init; } = [];

    public ImmutableArray<RelationDeclaration> Snapshots { get; init; } = [];

    public ImmutableArray<SourceDeclaration> Sources { get; init; } = [];

    public ImmutableArray<ExposureDeclaration> Exposures { get; init; } = [];

    /// <summary>What YAML says about singular tests.</summary>
    public ImmutableArray<SingularTestDeclaration> Tests { get; init; } = [];

    public ImmutableArray<UnitTestDeclaration> UnitTests { get; init; } = [];

    public static readonly YamlObject<PropertiesFile> Shape = new YamlObject<PropertiesFile>(
        "a properties file",
        "properties",
        span => new PropertiesFile(span.File)
    )
        .Optional("version", "dbt's version of the format; not needed.", YamlScalars.Integer, (f, _) => f)
        .Optional(
            "models",
            "Descriptions, configuration and tests of models.",
            YamlCollections.ListOf(RelationDeclaration.Model),
            (f, v) => f with { Models = v }
        )
        .Optional(
            "seeds",
            "Descriptions, configuration and tests of seeds.",
            YamlCollections.ListOf(RelationDeclaration.Seed),
            (f, v) => f with { Seeds = v }
        )
        .Optional(
            "sources",
            "Tables and landed files that something else fills.",
            YamlCollections.ListOf(SourceDeclaration.Shape),
            (f, v) => f with { Sources = v }
        )
        .Optional(
            "exposures",
            "What reads the models: dashboards, applications.",
            YamlCollections.ListOf(ExposureDeclaration.Shape),
            (f, v) => f with { Exposures = v }
        )
        .Optional(
            "tests",
            "What singular tests are.",
            YamlCollections.ListOf(SingularTestDeclaration.Shape),
            (f, v) => f with { Tests = v }
        )
        .Alias("data_tests")
        .Optional("macros", "What macros do.", YamlCollections.ListOf(LaterShapes.Macro), (f, _) => f)
        .Optional(
            "snapshots",
            "Histories of rows that change.",
            YamlCollections.ListOf(RelationDeclaration.Snapshot),
            (f, v) => f with { Snapshots = v }
        )
        .Optional(
            "unit_tests",
            "Models run on given rows.",
            YamlCollections.ListOf(UnitTestDeclaration.Shape),
            (f, v) => f with { UnitTests = v }
        )
        .OptionalEntry(
            "groups",
            "Owners of models.",
            YamlCollections.ListOf(LaterShapes.Group),
            (f, entry, context) => Later(f, entry, context, LaterShapes.Group, "groups are")
        );

    private static PropertiesFile Later<T>(
        PropertiesFile file,
        YamlMapping.Entry entry,
        YamlContext context,
        YamlObject<T> shape,
        string what
    )
        where T : class
    {
        YamlCollections.ListOf(shape).TryBind(entry.Value, entry.Key.Text, context, out _);
        context.Diagnostics.Add(ProjectDiagnostics.NotInEffect(entry.Key.Span, what));
        return file;
    }
}
