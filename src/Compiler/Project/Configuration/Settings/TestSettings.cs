using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The configuration of a test, all precedence applied.</summary>
internal sealed record TestSettings
{
    public TestConfig Config { get; init; } = new();

    /// <summary>The connection that a singular test runs on, if not that of what it reads.</summary>
    public string? Engine { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public static readonly ConfigBlock<TestSettings> Block = new(
        new YamlObject<TestSettings>("the configuration of a test", "test_config", _ => new TestSettings())
            .Optional(
                "severity",
                "What a failure does: error blocks, warn does not, quarantine diverts the rows.",
                ConfigWords.Severity,
                (s, v) => s with { Config = s.Config with { Severity = v } }
            )
            .Optional(
                "warn_if",
                "The comparison with the failure count that makes the test warn.",
                YamlScalars.Text,
                (s, v) => s with { Config = s.Config with { WarnIf = v } }
            )
            .Optional(
                "error_if",
                "The comparison with the failure count that makes the test fail.",
                YamlScalars.Text,
                (s, v) => s with { Config = s.Config with { ErrorIf = v } }
            )
            .Optional(
                "fail_calc",
                "The aggregate over the failing rows that gives the failure count.",
                YamlScalars.Text,
                (s, v) => s with { Config = s.Config with { FailCalc = v } }
            )
            .Optional(
                "where",
                "A condition that picks the rows to check.",
                YamlScalars.Text,
                (s, v) => s with { Config = s.Config with { Where = v } }
            )
            .Optional(
                "limit",
                "How many failing rows to look at, at most.",
                YamlScalars.Positive,
                (s, v) => s with { Config = s.Config with { Limit = v } }
            )
            .Optional(
                "store_failures",
                "Whether failing rows are kept in a table.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { StoreFailures = v } }
            )
            .Optional(
                "mostly",
                "The share of rows, 0 to 1, that must satisfy the test.",
                YamlScalars.Number,
                (s, v) => s with { Config = s.Config with { Mostly = v } }
            )
            .Optional(
                "enabled",
                "Whether the test is part of the project.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { Enabled = v } }
            )
            .Optional(
                "engine",
                "The connection a singular test runs on.",
                YamlScalars.Text,
                (s, v) => s with { Engine = v }
            )
            .Optional("tags", "Words to select by.", YamlCollections.Texts, (s, v) => s with { Tags = v })
            .Optional("meta", "Free data.", YamlCollections.Data, (s, v) => s with { Meta = v })
            .Optional("group", "The group that owns the test.", YamlScalars.Text, (s, _) => s)
    );
}
