using Strata.Compiler.Manifest.Sources;

namespace Strata.Compiler.Manifest;

/// <summary>A relation or a landing zone that something else fills.</summary>
public sealed record SourceNode : RelationNode
{
    public override ResourceType ResourceType => ResourceType.Source;

    /// <summary>The first argument of <c>source</c>; <see cref="Node.Name"/> is the second.</summary>
    public required string SourceName { get; init; }

    /// <summary>The landed files; null for a table that exists on the connection.</summary>
    public FilesConfig? Files { get; init; }

    /// <summary>The <c>files:</c> block as it is written; empty without one.</summary>
    public string FilesText { get; init; } = "";

    public FreshnessConfig? Freshness { get; init; }

    /// <summary>See <see cref="ModelConfig.EventTime"/>.</summary>
    public string? EventTime { get; init; }

    /// <summary>SHA-256, in hex, over the declaration.</summary>
    public required string Fingerprint { get; init; }
}
