using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Compiler.Graph.Selection;

/// <summary>What selection needs to know of a node.</summary>
public sealed record SelectableNode
{
    public required string Id { get; init; }

    /// <summary>As the grammar spells it: <c>model</c>, <c>unit_test</c>.</summary>
    public required string ResourceType { get; init; }

    public required string Name { get; init; }

    public required string Package { get; init; }

    /// <summary>The package, the folders and the name.</summary>
    public required ImmutableArray<string> Fqn { get; init; }

    public required string Path { get; init; }

    public string? PatchPath { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Config { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableArray<string> DependsOn { get; init; } = [];

    public string? SourceName { get; init; }

    /// <summary>The expectation of a generic test; null for a singular one.</summary>
    public string? TestName { get; init; }

    /// <summary>The version of a model, which is the last part of its name then.</summary>
    public string? Version { get; init; }

    /// <summary>The version that a reference without one means.</summary>
    public string? LatestVersion { get; init; }

    /// <summary>The group that owns the node.</summary>
    public string? Group { get; init; }

    /// <summary>Who may read a model: <c>private</c>, <c>protected</c>, <c>public</c>; null for what is no model.</summary>
    public string? Access { get; init; }

    public string? Layer { get; init; }

    public string? Engine { get; init; }

    public bool IsTest => ResourceType is "test" or "unit_test";

    public static SelectableNode From(Node node, string project) =>
        new()
        {
            Id = node.UniqueId,
            ResourceType = NameOf(node.ResourceType),
            Name = node.Name,
            Package = project,
            Fqn = node.Fqn,
            Path = node.Path,
            PatchPath = node.PatchPath,
            Tags = node.Tags,
            Config = node.ConfigValues,
            DependsOn = node.DependsOn,
            SourceName = (node as SourceNode)?.SourceName,
            TestName = (node as TestNode)?.TestName,
            Group = node.ConfigValues.GetValueOrDefault("group") as string,
            Access = node.ResourceType == Manifest.ResourceType.Model ? "protected" : null,
            Layer = (node as ModelNode)?.Layer ?? (node as SeedNode)?.Layer,
            Engine =
                (node as RelationNode)?.Connection
                ?? (node as TestNode)?.Connection
                ?? (node as UnitTestNode)?.Connection,
        };

    public static string NameOf(ResourceType type) =>
        type switch
        {
            Manifest.ResourceType.Model => "model",
            Manifest.ResourceType.Seed => "seed",
            Manifest.ResourceType.Snapshot => "snapshot",
            Manifest.ResourceType.Source => "source",
            Manifest.ResourceType.Test => "test",
            Manifest.ResourceType.UnitTest => "unit_test",
            Manifest.ResourceType.Exposure => "exposure",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
