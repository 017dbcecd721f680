using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>What YAML says about a model, seed or snapshot that a file of its own defines.</summary>
internal sealed record RelationDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public ImmutableArray<ColumnDeclaration> Columns { get; init; } = [];

    public ImmutableArray<TestDeclaration> Tests { get; init; } = [];

    public ImmutableArray<ConstraintDeclaration> Constraints { get; init; } = [];

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    /// <summary>Of a snapshot that has no file of its own: what it keeps the history of.</summary>
    public YamlScalar? Relation { get; init; }

    public static readonly YamlObject<RelationDeclaration> Model = Shape(
        "a model",
        "model",
        ModelConfigShape.Block
    );

    public static readonly YamlObject<RelationDeclaration> Seed = Shape("a seed", "seed", SeedSettings.Block);

    public static readonly YamlObject<RelationDeclaration> Snapshot = Shape(
            "a snapshot",
            "snapshot",
            ModelConfigShape.Block
        )
        .Optional(
            "relation",
            "The relation whose history it keeps: ref('model') or source('source', 'table'). Without it, a file of its name in snapshots/ has the query.",
            YamlScalars.Template,
            (r, v) => r with { Relation = v }
        );

    private static YamlObject<RelationDeclaration> Shape<T>(
        string where,
        string definition,
        ConfigBlock<T> config
    )
        where T : class =>
        new YamlObject<RelationDeclaration>(where, definition, span => new RelationDeclaration(span))
            .Required(
                "name",
                "The name of the file, without its ending.",
                YamlScalars.Template,
                (r, v) => r with { Name = v }
            )
            .Optional(
                "description",
                "What a row is, and what the relation is for.",
                YamlScalars.Template,
                (r, v) => r with { Description = v.Text }
            )
            .Optional(
                "columns",
                "The columns and what must be true of them.",
                YamlCollections.ListOf(ColumnDeclaration.Shape),
                (r, v) => r with { Columns = v }
            )
            .Optional(
                "tests",
                "What must be true of the relation as a whole.",
                YamlCollections.ListOf(TestEntryType.Instance),
                (r, v) => r with { Tests = v }
            )
            .Alias("data_tests")
            .Optional(
                "constraints",
                "What every row must satisfy for the relation to be published; checked like tests.",
                YamlCollections.ListOf(ConstraintDeclaration.OfRelation),
                (r, v) => r with { Constraints = v }
            )
            .Optional(
                "config",
                "Configuration; what the file itself says wins.",
                config,
                (r, v) => r with { Config = v.Over(r.Config) }
            )
            .WithTopLevel(
                config,
                ["tags", "meta", "docs", "group"],
                (r, set) => r with { Config = set.Over(r.Config) }
            );
}
