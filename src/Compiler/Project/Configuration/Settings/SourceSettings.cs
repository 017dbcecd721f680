using System.Collections.Immutable;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The configuration of a source table, all precedence applied.</summary>
internal sealed record SourceSettings
{
    public bool Enabled { get; init; } = true;

    public string? EventTime { get; init; }

    public FreshnessDeclaration? Freshness { get; init; }

    public string? LoadedAt { get; init; }

    public YamlScalar? LoadedAtQuery { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public static readonly ConfigBlock<SourceSettings> Block = new(
        new YamlObject<SourceSettings>(
            "the configuration of a source",
            "source_config",
            _ => new SourceSettings()
        )
            .Optional(
                "enabled",
                "Whether the source is part of the project.",
                YamlScalars.Boolean,
                (s, v) => s with { Enabled = v }
            )
            .Optional(
                "event_time",
                "The column with the time of the event that a row records; microbatch models filter by it.",
                YamlScalars.Text,
                (s, v) => s with { EventTime = v }
            )
            .Optional(
                "freshness",
                "How old the newest row may be, in the place that dbt has for it.",
                FreshnessDeclaration.Shape,
                (s, v) => s with { Freshness = v }
            )
            .Optional(
                "loaded_at_field",
                "A SQL expression for the instant a row was loaded, in the place that dbt has for it.",
                YamlScalars.Text,
                (s, v) => s with { LoadedAt = v }
            )
            .Optional(
                "loaded_at_query",
                "A query for the instant at which the newest row was loaded, in the place that dbt has for it.",
                YamlScalars.Template,
                (s, v) => s with { LoadedAtQuery = v }
            )
            .Optional("tags", "Words to select by.", YamlCollections.Texts, (s, v) => s with { Tags = v })
            .Optional("meta", "Free data.", YamlCollections.Data, (s, v) => s with { Meta = v })
    );
}
