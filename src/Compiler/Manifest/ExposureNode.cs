namespace Strata.Compiler.Manifest;

/// <summary>Something outside Strata that reads models: a dashboard, an application.</summary>
public sealed record ExposureNode : Node
{
    public override ResourceType ResourceType => ResourceType.Exposure;

    public required string Kind { get; init; }

    public string? Owner { get; init; }

    public string? Url { get; init; }
}
