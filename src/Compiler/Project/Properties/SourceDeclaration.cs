using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of <c>sources:</c>: tables that something else fills.</summary>
internal sealed record SourceDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public string? Schema { get; init; }

    public YamlScalar? Engine { get; init; }

    public string? LoadedAt { get; init; }

    public YamlScalar? LoadedAtQuery { get; init; }

    public FreshnessDeclaration? Freshness { get; init; }

    public ImmutableArray<SourceTableDeclaration> Tables { get; init; } = [];

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public static readonly YamlObject<SourceDeclaration> Shape = new YamlObject<SourceDeclaration>(
        "a source",
        "source",
        span => new SourceDeclaration(span)
    )
        .Required(
            "name",
            "The first argument of source.",
            YamlScalars.Template,
            (s, v) => s with { Name = v }
        )
        .Optional(
            "description",
            "Where the data comes from.",
            YamlScalars.Template,
            (s, v) => s with { Description = v.Text }
        )
        .Optional(
            "schema",
            "The schema of the tables; the source's name by default.",
            YamlScalars.Text,
            (s, v) => s with { Schema = v }
        )
        .Optional(
            "engine",
            "The connection that holds the tables; that of the first layer by default.",
            YamlScalars.Template,
            (s, v) => s with { Engine = v }
        )
        .Optional("loader", "What loads the tables; only for people to read.", YamlScalars.Text, (s, _) => s)
        .Optional(
            "loaded_at_field",
            "A SQL expression for the instant a row was loaded.",
            YamlScalars.Text,
            (s, v) => s with { LoadedAt = v }
        )
        .Optional(
            "loaded_at_query",
            "A query for the instant at which the newest row was loaded, in place of loaded_at_field.",
            YamlScalars.Template,
            (s, v) => s with { LoadedAtQuery = v }
        )
        .Optional(
            "freshness",
            "How old the newest row may be.",
            FreshnessDeclaration.Shape,
            (s, v) => s with { Freshness = v }
        )
        .Optional(
            "config",
            "Configuration of all tables.",
            SourceSettings.Block,
            (s, v) => s with { Config = v.Over(s.Config) }
        )
        .WithTopLevel(
            SourceSettings.Block,
            ["tags", "meta", "enabled"],
            (s, set) => s with { Config = set.Over(s.Config) }
        )
        .Required(
            "tables",
            "The tables, or landing zones.",
            YamlCollections.ListOf(SourceTableDeclaration.Shape),
            (s, v) => s with { Tables = v }
        );
}
