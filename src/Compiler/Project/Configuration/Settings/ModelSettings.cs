using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The configuration of a model, all precedence applied: what decides its place, and the rest.</summary>
internal sealed record ModelSettings
{
    public ModelConfig Config { get; init; } = new();

    public string? Alias { get; init; }

    public string? Schema { get; init; }

    public string? Engine { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableArray<YamlScalar> PreHooks { get; init; } = [];

    public ImmutableArray<YamlScalar> PostHooks { get; init; } = [];
}
