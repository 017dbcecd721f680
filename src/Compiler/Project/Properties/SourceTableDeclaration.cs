using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of a source's <c>tables:</c>.</summary>
internal sealed record SourceTableDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public string? Identifier { get; init; }

    public FilesDeclaration? Files { get; init; }

    public string? LoadedAt { get; init; }

    public YamlScalar? LoadedAtQuery { get; init; }

    public FreshnessDeclaration? Freshness { get; init; }

    public ImmutableArray<ColumnDeclaration> Columns { get; init; } = [];

    public ImmutableArray<TestDeclaration> Tests { get; init; } = [];

    public ImmutableArray<ConstraintDeclaration> Constraints { get; init; } = [];

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<SourceTableDeclaration> Shape = new YamlObject<SourceTableDeclaration>(
        "a source table",
        "source_table",
        span => new SourceTableDeclaration(span)
    )
        .Required(
            "name",
            "The second argument of source.",
            YamlScalars.Template,
            (t, v) => t with { Name = v }
        )
        .Optional(
            "description",
            "What a row is.",
            YamlScalars.Template,
            (t, v) => t with { Description = v.Text }
        )
        .Optional(
            "identifier",
            "The table's name on the connection, if not this one.",
            YamlScalars.Text,
            (t, v) => t with { Identifier = v }
        )
        .Optional(
            "files",
            "Landed files instead of a table.",
            FilesDeclaration.Shape,
            (t, v) => t with { Files = v }
        )
        .Optional(
            "loaded_at_field",
            "A SQL expression for the instant a row was loaded.",
            YamlScalars.Text,
            (t, v) => t with { LoadedAt = v }
        )
        .Optional(
            "loaded_at_query",
            "A query for the instant at which the newest row was loaded, in place of loaded_at_field.",
            YamlScalars.Template,
            (t, v) => t with { LoadedAtQuery = v }
        )
        .Optional(
            "freshness",
            "How old the newest row may be.",
            FreshnessDeclaration.Shape,
            (t, v) => t with { Freshness = v }
        )
        .Optional(
            "columns",
            "The columns and what must be true of them.",
            YamlCollections.ListOf(ColumnDeclaration.Shape),
            (t, v) => t with { Columns = v }
        )
        .Optional(
            "tests",
            "What must be true of the table as a whole.",
            YamlCollections.ListOf(TestEntryType.Instance),
            (t, v) => t with { Tests = v }
        )
        .Alias("data_tests")
        .Optional(
            "constraints",
            "What every row must satisfy for the relation to be published; checked like tests.",
            YamlCollections.ListOf(ConstraintDeclaration.OfRelation),
            (t, v) => t with { Constraints = v }
        )
        .Optional(
            "config",
            "Configuration.",
            SourceSettings.Block,
            (t, v) => t with { Config = v.Over(t.Config) }
        )
        .WithTopLevel(
            SourceSettings.Block,
            ["tags", "meta", "enabled"],
            (t, set) => t with { Config = set.Over(t.Config) }
        );
}
