using System.Collections.Immutable;
using Strata.Compiler.Graph;

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

    public ImmutableArray<RunHook> OnRunStart { get; init; } = [];

    public ImmutableArray<RunHook> OnRunEnd { get; init; } = [];

    public TestResultsConfig TestResults { get; init; } = new();

    /// <summary>The project's own macros by name.</summary>
    public ImmutableSortedDictionary<string, MacroInfo> Macros { get; init; } =
        ImmutableSortedDictionary<string, MacroInfo>.Empty;

    /// <summary>All nodes by unique id. Disabled ones are not among them.</summary>
    public required ImmutableSortedDictionary<string, Node> Nodes { get; init; }

    /// <summary>Unique ids of all nodes; an edge leads from what is read to what reads it. Free of cycles.</summary>
    public required Dag<string> Graph { get; init; }

    public T? Find<T>(string uniqueId)
        where T : Node => Nodes.GetValueOrDefault(uniqueId) as T;
}
