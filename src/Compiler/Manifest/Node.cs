using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A node of the compiled project: everything that has a place in the dependency graph.</summary>
public abstract record Node
{
    /// <summary><c>model.lakehouse.daily_active_users</c>: resource type, project, name; never shown without need.</summary>
    public required string UniqueId { get; init; }

    public abstract ResourceType ResourceType { get; }

    public required string Name { get; init; }

    /// <summary>The folder path below the resource's root and the name: what <c>fqn:</c> selects by.</summary>
    public required ImmutableArray<string> Fqn { get; init; }

    /// <summary>Project-relative path of the file that defines the node.</summary>
    public required string Path { get; init; }

    /// <summary>Project-relative path of the YAML that documents it, if that is another file.</summary>
    public string? PatchPath { get; init; }

    public string Description { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Free data of the user, as it stands in YAML.</summary>
    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    /// <summary>The merged configuration with the keys as they are written: what <c>config.x:</c> selects by.</summary>
    public ImmutableSortedDictionary<string, object?> ConfigValues { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    /// <summary>Unique ids of the nodes this one reads, sorted.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>Where to point when the node as a whole is to blame.</summary>
    public required SourceSpan Declaration { get; init; }
}
