using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The configuration of a seed, all precedence applied.</summary>
internal sealed record SeedSettings
{
    public bool Enabled { get; init; } = true;

    public string? Alias { get; init; }

    public string? Schema { get; init; }

    public string? Engine { get; init; }

    public char Delimiter { get; init; } = ',';

    public PublishMode? Publish { get; init; }

    public ImmutableSortedDictionary<string, string> ColumnTypes { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public static readonly ConfigBlock<SeedSettings> Block = new(
        new YamlObject<SeedSettings>("the configuration of a seed", "seed_config", _ => new SeedSettings())
            .Optional(
                "enabled",
                "Whether the seed is part of the project.",
                YamlScalars.Boolean,
                (s, v) => s with { Enabled = v }
            )
            .Optional(
                "alias",
                "The relation's name, if not the seed's.",
                YamlScalars.Text,
                (s, v) => s with { Alias = v }
            )
            .Optional(
                "schema",
                "The relation's schema, if not the default one.",
                YamlScalars.Text,
                (s, v) => s with { Schema = v }
            )
            .Optional(
                "engine",
                "The connection that holds the relation.",
                YamlScalars.Text,
                (s, v) => s with { Engine = v }
            )
            .Optional(
                "delimiter",
                "The character between values.",
                YamlScalars.Character,
                (s, v) => s with { Delimiter = v }
            )
            .Optional(
                "publish",
                "What one publishing transaction covers: the seed, or all nodes of the layer in a run.",
                ConfigWords.Publish,
                (s, v) => s with { Publish = v }
            )
            .Optional(
                "column_types",
                "Engine types by column; other columns get theirs from the values.",
                YamlCollections.MapOf(YamlScalars.Text),
                (s, v) => s with { ColumnTypes = v }
            )
            .Optional(
                "quote_columns",
                "Accepted for compatibility with dbt: names are always quoted.",
                YamlScalars.Boolean,
                (s, _) => s
            )
            .Optional(
                "full_refresh",
                "Accepted for compatibility with dbt: a seed is always replaced whole.",
                YamlScalars.Boolean,
                (s, _) => s
            )
            .Optional("tags", "Words to select by.", YamlCollections.Texts, (s, v) => s with { Tags = v })
            .Optional("meta", "Free data.", YamlCollections.Data, (s, v) => s with { Meta = v })
            .Optional("docs", "How documentation shows it.", YamlCollections.Data, (s, _) => s)
    );
}
