using System.Collections.Immutable;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;

namespace Strata.Compiler.Manifest;

/// <summary>The compiled project: what every later phase works from. Immutable.</summary>
public sealed record ProjectManifest
{
    public required string ProjectName { get; init; }

    /// <summary>Absolute path of the folder that holds strata.yml.</summary>
    public required string ProjectFolder { get; init; }

    public required string TargetName { get; init; }

    /// <summary>The connections of the target by name; an alias does not appear.</summary>
    public required ImmutableSortedDictionary<string, ConnectionConfig> Connections { get; init; }

    /// <summary>The layers by name.</summary>
    public ImmutableSortedDictionary<string, LayerConfig> Layers { get; init; } =
        ImmutableSortedDictionary<string, LayerConfig>.Empty;

    /// <summary>How long old versions are kept where the layer does not say.</summary>
    public RetentionConfig Retention { get; init; } = RetentionConfig.Default;

    public ImmutableArray<RunHook> OnRunStart { get; init; } = [];

    public ImmutableArray<RunHook> OnRunEnd { get; init; } = [];

    public TestResultsConfig TestResults { get; init; } = new();

    /// <summary>The macros that templates can call, by name: the project's own, and those that every project has.</summary>
    public ImmutableSortedDictionary<string, MacroInfo> Macros { get; init; } =
        ImmutableSortedDictionary<string, MacroInfo>.Empty;

    /// <summary>All nodes by unique id. Disabled ones are not among them.</summary>
    public required ImmutableSortedDictionary<string, Node> Nodes { get; init; }

    /// <summary>The ids of disabled models, seeds, snapshots and sources.</summary>
    public ImmutableSortedSet<string> Disabled { get; init; } = [];

    /// <summary>Unique ids of all nodes; an edge leads from what is read to what reads it. Free of cycles.</summary>
    public required Dag<string> Graph { get; init; }

    /// <summary>Whether an id is of this project, which need not have the node any more: databases may be shared.</summary>
    public bool Owns(string uniqueId) =>
        uniqueId.Split('.') is [_, var project, _, ..] && project == ProjectName;

    /// <summary>How long old versions of a node, or of a transfer, are kept.</summary>
    public RetentionConfig RetentionOf(string uniqueId)
    {
        var layer = Nodes.GetValueOrDefault(uniqueId) switch
        {
            ModelNode model => model.Layer,
            SeedNode seed => seed.Layer,
            _ => null,
        };
        return layer is not null && Layers.GetValueOrDefault(layer)?.Retention is { } own ? own : Retention;
    }

    public T? Find<T>(string uniqueId)
        where T : Node => Nodes.GetValueOrDefault(uniqueId) as T;

    /// <summary>The relations that a node reads; in the place of an ephemeral model, which is none, what that reads.</summary>
    public IEnumerable<RelationNode> RelationsReadBy(Node node) =>
        node.DependsOn.SelectMany(id =>
            Find<RelationNode>(id) switch
            {
                ModelNode { Config.Materialized: Materialization.Ephemeral } ephemeral => RelationsReadBy(
                    ephemeral
                ),
                { } relation => [relation],
                null => [],
            }
        );
}
